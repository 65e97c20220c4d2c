import {accessSync, constants} from 'node:fs';
import {type AclEntry, readAcls} from '../host/acl.ts';
import {immutableFiles} from '../host/file-attributes.ts';
import {type Mount, mountOf, readMounts} from '../host/mounts.ts';
import {type PathElement, type PathWalk, walkPath} from '../host/path-walk.ts';
import {type AccessQuestion, probeAccess} from '../host/probe-access.ts';
import {type AccountNames, readAccountNames} from '../host/users.ts';
import type {AccessNeed, AccessReport} from '../model/access-report.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {type HostResource, hostResources} from '../model/host-resource.ts';
import type {Actor, ElementFacts} from '../security/access/access-facts.ts';
import {hasOneOwner, isNetwork} from '../security/access/file-systems.ts';
import {type JudgeContext, judgeAccess, neededSteps, type WantedAccess} from '../security/access/judge-access.ts';
import type {FileGrant, GrantOwner} from '../security/file-grant.ts';

/**
 * Walks every file and device that a definition names as its guest's process would, and says which element of a path
 * refuses what, and what would help. Nothing is changed.
 *
 * @param emulator  absolute; it has to be executable for the guest's user
 * @param given  the files that a start makes the guest's: they are judged by their owner to be
 */
export async function explainAccess(
  def: DomainDef,
  emulator: string | undefined,
  actor: Actor,
  given: readonly FileGrant[] = [],
): Promise<AccessReport> {
  const wanted = wantedAccess(def, emulator);
  const walks = new Map(wanted.map(({path}) => [path, walkPath(path)]));
  const walkOf = (path: string): PathWalk => walks.get(path) ?? walkPath(path);
  const questions = questionsOf(wanted, walkOf);
  const answers = await probeAccess(questions, actor);
  const host = await readHost([...walks.values()], questions);
  const {names, acls} = host;
  const known = new Map(
    'why' in answers ? [] : questions.map(({path, need}, index) => [`${need} ${path}`, answers[index]]),
  );
  const {owners, kept} = ownersToBe(given, walkOf, host);
  const context: JudgeContext = {
    actor,
    words: names,
    answer: (path, need) => {
      const file = owners.get(path);
      return file ? allows(file, need, actor) : known.get(`${need} ${path}`);
    },
    mountOf: path => mountOf(path, host.mounts),
    factsOf: element => factsOf({...element, ...owners.get(element.path)?.owner}, host),
    keepsOwner: path => kept.get(path),
  };
  return {
    domain: def.name,
    actor: {
      uid: actor.uid,
      gid: actor.gid,
      user: names.user(actor.uid),
      group: names.group(actor.gid),
      powerlessRoot: actor.uid === 0 && !actor.hasCapabilities,
    },
    findings: wanted.map(one => judgeAccess(one, walkOf(one.path), context)),
    notes: [
      ...('why' in answers ? [`the kernel could not be asked as ${names.user(actor.uid)}: ${answers.why}`] : []),
      ...(owners.size === 0 ? [] : [`a start makes ${countFiles(owners.size)} the guest's, by which they are judged`]),
      ...(acls === undefined ? ['access control lists are not shown: getfacl (package acl) is not installed'] : []),
    ],
  };
}

/** What the host says beside the paths themselves. */
interface HostFacts {
  readonly names: AccountNames;
  readonly mounts: readonly Mount[];
  /** Undefined where nobody reads them. */
  readonly acls: ReadonlyMap<string, readonly AclEntry[]> | undefined;
  readonly immutable: ReadonlySet<string>;
}

async function readHost(walks: readonly PathWalk[], questions: readonly AccessQuestion[]): Promise<HostFacts> {
  const elements = new Map(walks.flatMap(walk => walk.elements.map(element => [element.path, element] as const)));
  const changed = questions.filter(({need}) => need === 'write' || need === 'create').map(({path}) => path);
  const hasAttributes = (path: string) => ['file', 'directory'].includes(elements.get(path)?.kind ?? '');
  const [acls, immutable, names] = await Promise.all([
    readAcls([...elements.keys()]),
    immutableFiles([...new Set(changed)].filter(hasAttributes)),
    readAccountNames(),
  ]);
  return {names, mounts: readMounts(), acls, immutable};
}

/** A file with the owner that it gets. */
interface OwnedFile {
  readonly mode: number;
  readonly owner: GrantOwner;
}

interface OwnersToBe {
  readonly owners: ReadonlyMap<string, OwnedFile>;
  /** Why a file cannot be given, by its path. */
  readonly kept: ReadonlyMap<string, string>;
}

function ownersToBe(given: readonly FileGrant[], walkOf: (path: string) => PathWalk, host: HostFacts): OwnersToBe {
  const owners = new Map<string, OwnedFile>();
  const kept = new Map<string, string>();
  for (const {path, owner} of given) {
    const {elements, stoppedAt} = walkOf(path);
    const last = elements.at(-1);
    if (!last || !owner || stoppedAt || (last.uid === owner.uid && last.gid === owner.gid)) continue;
    const why = whyKept(last.path, host);
    if (why === undefined) owners.set(last.path, {mode: last.mode, owner});
    else kept.set(last.path, why);
  }
  return {owners, kept};
}

/** Why root cannot change the owner of a file; undefined where it can. */
function whyKept(path: string, {mounts, immutable}: HostFacts): string | undefined {
  const mount = mountOf(path, mounts);
  if (immutable.has(path)) return 'it is immutable';
  if (mount?.readOnly) return 'its file system is mounted read-only';
  if (mount && hasOneOwner(mount.fsType)) return `${mount.fsType} keeps no owners`;
  if (mount && isNetwork(mount.fsType) && !isOpenToRoot(path))
    return `the ${mount.fsType} server takes root for nobody`;
  return undefined;
}

/** Root itself is refused at a file of somebody else by a server alone. */
function isOpenToRoot(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false; // any reason: it is asked whether, not why
  }
}

const BITS = {read: 0o4, write: 0o6, execute: 0o1} as const;

/** By the mode alone, as of a file that belongs to who asks; other needs are those of directories. */
function allows({mode, owner}: OwnedFile, need: AccessNeed, {uid, gid, groups}: Actor): boolean | undefined {
  if (need !== 'read' && need !== 'write' && need !== 'execute') return undefined;
  const shift = owner.uid === uid ? 6 : owner.gid === gid || groups.includes(owner.gid) ? 3 : 0;
  return ((mode >> shift) & BITS[need]) === BITS[need];
}

function countFiles(count: number): string {
  return count === 1 ? 'one file' : `${count} files`;
}

function factsOf(element: PathElement, {acls, mounts, immutable}: HostFacts): ElementFacts {
  const acl = acls?.get(element.path);
  const mount = mountOf(element.path, mounts);
  return {
    ...element,
    ...(acl ? {acl} : {}),
    ...(mount ? {mount} : {}),
    ...(immutable.has(element.path) ? {isImmutable: true} : {}),
  };
}

/** Each file once for each way of opening it; what only stands for a device of the host is not opened by its path. */
function wantedAccess(def: DomainDef, emulator: string | undefined): readonly WantedAccess[] {
  const named = hostResources(def)
    .filter(({type}) => type !== 'sysfs')
    .map(wantedOf);
  const resources = [...kernelNodes(def), ...named];
  const all: readonly WantedAccess[] =
    emulator === undefined
      ? resources
      : [{role: 'emulator', path: emulator, access: 'execute', isDirectory: false, created: false}, ...resources];
  const seen = new Set<string>();
  return all.filter(({path, access}) => {
    const key = `${access} ${path}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Nodes of the kernel without which such a guest does not start. */
function kernelNodes({type, devices}: DomainDef): readonly WantedAccess[] {
  const hasPty = devices.some(device => 'source' in device && isPty(device.source));
  return [
    ...(type === 'kvm' ? [kernelNode('kvm', '/dev/kvm')] : []),
    ...(hasPty ? [kernelNode('chardev', '/dev/ptmx')] : []),
  ];
}

function isPty(source: unknown): boolean {
  return typeof source === 'object' && source !== null && 'type' in source && source.type === 'pty';
}

function kernelNode(role: string, path: string): WantedAccess {
  return {role, path, access: 'write', isDirectory: false, created: false};
}

function wantedOf({role, device, path, access, created, type}: HostResource): WantedAccess {
  return {role, path, access, created, isDirectory: type === 'dir', ...(device === undefined ? {} : {device})};
}

function questionsOf(wanted: readonly WantedAccess[], walkOf: (path: string) => PathWalk): readonly AccessQuestion[] {
  const questions = new Map<string, AccessQuestion>();
  for (const one of wanted) {
    const walk = walkOf(one.path);
    const ask = (path: string, need: AccessNeed) => questions.set(`${need} ${path}`, {path, need});
    for (const {element, needs} of neededSteps(walk, one)) {
      for (const need of needs) ask(element.path, need);
    }
    if (walk.stoppedAt?.why === 'unreadable') ask(one.path, one.access);
  }
  return [...questions.values()];
}
