import type {BigIntStats} from 'node:fs';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {readTextIfThere, removeFile} from '../../host/files.ts';
import {inTurn} from '../../host/in-turn.ts';
import {isSameFile, openByPath} from '../../host/open-by-path.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import {type Claimant, claimFile} from './claim-file.ts';
import {type FileMark, LABEL, OWNER} from './file-marks.ts';
import {type FileMarks, type GrantEntry, type GrantRecord, readGrants, writeGrants} from './grant-registry.ts';
import {type HeldFile, HIDDEN, openGrant} from './open-grant.ts';

/** Files that a domain is given. */
export interface GrantRequest extends Claimant {
  /** The registry of the instance. */
  readonly registry: string;
  readonly grants: readonly FileGrant[];
}

/** What was done. */
export interface Granted {
  readonly warnings: readonly string[];
  /** Files that were not there. */
  readonly made: readonly string[];
}

interface Held {
  readonly grant: FileGrant;
  readonly file: HeldFile;
}

/**
 * Gives a domain its files: all of them are opened and looked at, the registry is written, then each is changed over its
 * descriptor. Files that are not there are left to whoever opens them.
 *
 * @throws {VirtError} with the reason for the first that cannot be given; everything is then as it was
 */
export function grantFiles(request: GrantRequest): Promise<Granted> {
  return inTurn(request.registry, async () => {
    const record = await readGrants(request.registry);
    const held: Held[] = [];
    const left: string[] = [];
    try {
      for (const grant of request.grants) {
        const file = await openGrant(grant, {domain: request.domain, ownerOf: ownerIn(record)});
        if (file.is === 'held') held.push({grant, file});
        else left.push(...(file.warning === undefined ? [] : [file.warning]));
      }
      const {warnings, made} = await giveAll(held, record, request);
      return {warnings: [...left, ...warnings], made};
    } catch (error) {
      for (const {path} of madeOf(held)) await removeFile(path);
      throw error;
    } finally {
      for (const {file} of held) await file.handle.close();
    }
  });
}

function madeOf(held: readonly Held[]): readonly FileGrant[] {
  return held.filter(({file}) => file.isMade).map(({grant}) => grant);
}

/** Who a file belongs to when no guest has it. */
export function ownerIn({entries}: GrantRecord): (stats: BigIntStats) => number {
  return stats => entries.find(entry => isEntryOf(entry, stats))?.before.owner?.uid ?? Number(stats.uid);
}

/** Whether an entry is about a file. */
export function isEntryOf({dev, ino}: GrantEntry, stats: BigIntStats): boolean {
  return isSameFile({dev: BigInt(dev), ino: BigInt(ino)}, stats);
}

async function giveAll(held: readonly Held[], before: GrantRecord, request: GrantRequest): Promise<Granted> {
  const bootId = await readBootId();
  const warnings: string[] = [];
  const added: GrantEntry[] = [];
  let {entries} = before;
  let changes = false;
  for (const {grant, file} of held) {
    const {dev, ino} = file.stats;
    const now = await marksNow(file, grant);
    const known = entries.find(entry => isEntryOf(entry, file.stats));
    const {entry, warning} = claimFile(grant, {dev: String(dev), ino: String(ino), bootId, now}, known, request);
    entries = known ? entries.map(one => (one === known ? entry : one)) : [...entries, entry];
    added.push(entry);
    changes ||= !isSameMarks(now, entry.given);
    if (warning !== undefined) warnings.push(warning);
  }
  if (added.length === 0) return {warnings, made: []};
  await writeGrants(request.registry, {...before, entries}, {sync: changes});
  try {
    for (const {grant, file} of held) {
      const entry = entries.find(one => isEntryOf(one, file.stats));
      const problems = entry ? await give(file, grant, entry.given) : [];
      const failed = problems.find(({isFatal}) => isFatal);
      if (failed) throw new VirtError('OPERATION_FAILED', 'SECURITY', `${cannotGive(request)} ${failed.message}`);
      warnings.push(...problems.map(({message}) => message));
    }
  } catch (error) {
    await takeBackNew(held, entries, before);
    await writeGrants(request.registry, before, {sync: false});
    throw error;
  }
  return {warnings, made: madeOf(held).map(({path}) => path)};
}

/** Gives back, newest first, what was not given before; a domain that runs keeps what it had. */
async function takeBackNew(held: readonly Held[], entries: readonly GrantEntry[], before: GrantRecord): Promise<void> {
  const isOf = (file: HeldFile) => (entry: GrantEntry) => isEntryOf(entry, file.stats);
  const bootId = await readBootId();
  for (const {file} of held.toReversed()) {
    const entry = entries.find(isOf(file));
    if (entry && !before.entries.some(isOf(file))) await giveBack(entry, bootId, before).catch(asWarning);
  }
}

function cannotGive({domain}: Claimant): string {
  return `cannot give domain '${domain}'`;
}

async function marksNow({handle}: HeldFile, {label}: FileGrant): Promise<FileMarks> {
  const owner = await OWNER.read(handle);
  const now = label === undefined ? undefined : await LABEL.read(handle);
  return {...(owner ? {owner} : {}), ...(now === undefined ? {} : {label: now})};
}

function isSameMarks(now: FileMarks, given: FileMarks): boolean {
  return (
    (given.owner === undefined || OWNER.isSame(now.owner, given.owner)) &&
    (given.label === undefined || LABEL.isSame(now.label, given.label))
  );
}

/** The types that virtd_t may change. Source: refpolicy, policy/modules/services/virt.te, virt_image_type. */
const RELABEL_HELP =
  "policies let the daemon label images only: move it to where they are kept, or 'chcon -t virt_image_t' it once";

interface GiveProblem {
  readonly message: string;
  readonly isFatal: boolean;
}

/** The label after the owner: only who owns a file may label it. */
async function give({handle, stats}: HeldFile, grant: FileGrant, given: FileMarks): Promise<readonly GiveProblem[]> {
  const owner = await change(OWNER, handle, given.owner);
  const label = await change(LABEL, handle, given.label);
  const {what, path} = grant;
  const problems: GiveProblem[] = [];
  if (owner && given.owner && !(owner.isOfFileSystem && isOpenTo(stats, grant, given.owner))) {
    const message = `${what}: the owner of '${path}' stays ${stats.uid}:${stats.gid}, mode ${modeOf(stats)}: ${owner.why}`;
    problems.push({message, isFatal: !owner.isOfFileSystem});
  }
  if (label) {
    const help = label.isOfFileSystem ? '' : ` (${RELABEL_HELP})`;
    const message = `${what}: the label of '${path}' stays as it is: ${label.why}${help}`;
    problems.push({message, isFatal: grant.labelIsNeeded === true || !label.isOfFileSystem});
  }
  return problems;
}

async function change<T>(mark: FileMark<T>, handle: HeldFile['handle'], wanted: T | undefined) {
  if (wanted === undefined || mark.isSame(await mark.read(handle), wanted)) return undefined;
  return mark.write(handle, wanted);
}

function modeOf(stats: BigIntStats): string {
  return (stats.mode & 0o7777n).toString(8).padStart(4, '0');
}

/** Whether the mode lets a user in as it is; groups besides the first and lists of access control are not looked at. */
function isOpenTo(stats: BigIntStats, {access}: FileGrant, {uid, gid}: {uid: number; gid: number}): boolean {
  const shift = Number(stats.uid) === uid ? 6n : Number(stats.gid) === gid ? 3n : 0n;
  const needed = access === 'write' ? 0o6n : 0o4n;
  return ((stats.mode >> shift) & needed) === needed;
}

/**
 * Takes from a domain the files that it was given; the last user of each gives back what it had before. Newest first.
 *
 * @returns a sentence for each that is left as it is, because it is another file by now, or somebody changed it
 */
export function releaseGrants(registry: string, uuid: string): Promise<readonly string[]> {
  return inTurn(registry, () => releaseUser(registry, uuid));
}

/** The same for files that a domain which runs needs no more, by the paths of its definition. */
export function releaseSome(registry: string, uuid: string, paths: ReadonlySet<string>): Promise<readonly string[]> {
  return inTurn(registry, () => releaseUser(registry, uuid, paths));
}

/** Takes from all domains that do not run what they were given: after a crash of virtty or of the host. */
export async function reconcileGrants(
  registry: string,
  isRunning: (uuid: string) => boolean,
): Promise<readonly string[]> {
  return inTurn(registry, async () => {
    const {entries} = await readGrants(registry);
    const users = new Set(entries.flatMap(entry => entry.users.map(({uuid}) => uuid)));
    const warnings: string[] = [];
    for (const uuid of users) if (!isRunning(uuid)) warnings.push(...(await releaseUser(registry, uuid)));
    return warnings;
  });
}

async function releaseUser(registry: string, uuid: string, paths?: ReadonlySet<string>): Promise<readonly string[]> {
  const record = await readGrants(registry);
  const bootId = await readBootId();
  const warnings: string[] = [];
  const kept: GrantEntry[] = [];
  for (const entry of record.entries.toReversed()) {
    const users = entry.users.filter(user => user.uuid !== uuid || paths?.has(user.path) === false);
    if (users.length > 0 || entry.users.length === 0) kept.push({...entry, users});
    else warnings.push(...(await giveBack(entry, bootId, record).catch(asWarning)));
  }
  if (record.entries.length > 0) await writeGrants(registry, {...record, entries: kept.toReversed()}, {sync: false});
  return warnings;
}

/** One file that gives trouble keeps no other from being given back. */
function asWarning(error: unknown): readonly string[] {
  return [`a file cannot be given back: ${messageOf(error)}`];
}

/** The last user of a file has gone. @returns why it is left as it is, if it is */
async function giveBack(entry: GrantEntry, bootId: string, record: GrantRecord): Promise<readonly string[]> {
  const isSameBoot = entry.bootId === bootId;
  // Nodes of devices are made anew at each boot.
  if (!isSameBoot && entry.kind !== 'file' && entry.kind !== 'dir') return [];
  const [user] = entry.users;
  if (!user) return [];
  const left = (why: string) => [`${user.what}: '${user.path}' does not get back what it had: ${why}`];
  const found = await openByPath(user.path, {self: process.getuid?.() ?? 0, ownerOf: ownerIn(record)});
  if (found.is === 'missing') return []; // it went, and what it had with it
  if (found.is === 'hidden') return left(HIDDEN);
  if (found.is === 'refused') return left(`it ${found.why}`);
  const {handle, stats} = found;
  try {
    const isSame = isSameBoot ? isEntryOf(entry, stats) : stats.ino === BigInt(entry.ino);
    if (!isSame) return left('another file is there now');
    const label = await restore(LABEL, handle, {...pick(entry, 'label')});
    const owner = await restore(OWNER, handle, {...pick(entry, 'owner')});
    return [label, owner].flatMap(why => (why === undefined ? [] : left(why)));
  } finally {
    await handle.close();
  }
}

interface Restoration<T> {
  readonly given: T | undefined;
  readonly before: T | undefined;
  readonly back: T | undefined;
}

function pick<K extends keyof FileMarks>(
  {given, before, giveBack: back}: GrantEntry,
  key: K,
): Restoration<FileMarks[K]> {
  return {given: given[key], before: before[key], back: back[key]};
}

async function restore<T>(
  mark: FileMark<T>,
  handle: HeldFile['handle'],
  {given, before, back}: Restoration<T | undefined>,
): Promise<string | undefined> {
  if (given === undefined || back === undefined) return undefined;
  const now = await mark.read(handle);
  if (mark.isSame(now, back)) return undefined;
  if (!mark.isSame(now, given)) {
    if (mark.isSame(now, before)) return undefined; // it was never given
    return `somebody changed its ${mark.name} to ${now === undefined ? 'none' : mark.format(now)}`;
  }
  const refused = await mark.write(handle, back);
  return refused && `its ${mark.name} ${mark.format(back)} cannot be set: ${refused.why}`;
}

async function readBootId(): Promise<string> {
  return (await readTextIfThere('/proc/sys/kernel/random/boot_id'))?.trim() ?? '';
}
