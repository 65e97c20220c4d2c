import {readAcls} from '../host/acl.ts';
import {mountOf, readMounts} from '../host/mounts.ts';
import {type PathWalk, walkPath} from '../host/path-walk.ts';
import {type AccessQuestion, probeAccess} from '../host/probe-access.ts';
import {readAccountNames} from '../host/users.ts';
import type {AccessReport} from '../model/access-report.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {type HostResource, hostResources} from '../model/host-resource.ts';
import type {Actor, ElementFacts} from '../security/access/access-facts.ts';
import {type JudgeContext, judgeAccess, neededSteps, type WantedAccess} from '../security/access/judge-access.ts';

/**
 * Walks every file and device that a definition names as its guest's process would, and says which element of a path
 * refuses what, and what would help. Nothing is changed.
 *
 * @param emulator  absolute; it has to be executable for the guest's user
 */
export async function explainAccess(def: DomainDef, emulator: string | undefined, actor: Actor): Promise<AccessReport> {
  const wanted = wantedAccess(def, emulator);
  const walks = new Map(wanted.map(({path}) => [path, walkPath(path)]));
  const walkOf = (path: string): PathWalk => walks.get(path) ?? walkPath(path);
  const questions = questionsOf(wanted, walkOf);
  const answers = await probeAccess(questions, actor);
  const elements = [...new Set([...walks.values()].flatMap(walk => walk.elements.map(({path}) => path)))];
  const acls = await readAcls(elements);
  const names = await readAccountNames();
  const mounts = readMounts();
  const known = new Map(
    'why' in answers ? [] : questions.map(({path, need}, index) => [`${need} ${path}`, answers[index]]),
  );
  const context: JudgeContext = {
    actor,
    words: names,
    answer: (path, need) => known.get(`${need} ${path}`),
    factsOf: element => factsOf(element, acls?.get(element.path), mountOf(element.path, mounts)),
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
      ...(acls === undefined ? ['access control lists are not shown: getfacl (package acl) is not installed'] : []),
    ],
  };
}

function factsOf(
  element: Parameters<JudgeContext['factsOf']>[0],
  acl: ElementFacts['acl'],
  mount: ElementFacts['mount'],
): ElementFacts {
  return {...element, ...(acl ? {acl} : {}), ...(mount ? {mount} : {})};
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
    for (const {element, needs} of neededSteps(walkOf(one.path), one)) {
      for (const need of needs) questions.set(`${need} ${element.path}`, {path: element.path, need});
    }
  }
  return [...questions.values()];
}
