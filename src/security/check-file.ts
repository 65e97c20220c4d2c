import {quoteWord} from '../base/quote-shell.ts';
import type {SecurityCheck} from '../model/security-report.ts';
import type {Actor} from './access/access-facts.ts';
import {formatMode} from './access/explain-refusal.ts';
import type {Names} from './check-confinement.ts';
import type {GrantOwner} from './file-grant.ts';

/** A file of the host that a running guest uses. */
export interface UsedFile {
  readonly path: string;
  /** For messages: `disk 'vda'`. */
  readonly what: string;
  /** Absent for what its own process does not open by its path: folders, sockets. */
  readonly access?: 'read' | 'write';
  /** What it was given when the guest started; absent where it was left as it is. */
  readonly given?: GivenFile;
}

/** Which file a guest was given, and what. */
export interface GivenFile {
  /** Numbers of 64 bits, decimal. */
  readonly dev: string;
  readonly ino: string;
  readonly owner?: GrantOwner;
  readonly label?: string;
  /** Its file system may not have taken owner or label; the start has said so then. */
  readonly mayDiffer?: boolean;
}

/** A file as it is now. `hidden`: this user may not look. `silent`: its file system does not answer. */
export type SeenFile =
  | {readonly is: 'silent'}
  | {readonly is: 'missing'}
  | {readonly is: 'hidden'}
  | {
      readonly is: 'there';
      readonly dev: string;
      readonly ino: string;
      readonly uid: number;
      readonly gid: number;
      /** Permission bits. */
      readonly mode: number;
      /** Of the security module; absent where it was not asked for. */
      readonly label?: string;
    };

export interface FileContext {
  /** As whom the guest's process opens files. */
  readonly actor: Actor;
  readonly names: Names;
  readonly domain: string;
}

type Found = Extract<SeenFile, {is: 'there'}>;

/**
 * Holds a file against what a guest was given of it and what its process needs. Only modes are judged: of a file that is
 * another user's, a list of access control may say more, which `virtty explain` asks the kernel about.
 */
export function checkFile(file: UsedFile, seen: SeenFile, context: FileContext): SecurityCheck {
  const check = {aspect: `${file.what} ${file.path}`, asked: askedWords(file, context)};
  if (seen.is === 'missing') {
    return {...check, observed: 'there is no such file', verdict: file.given ? 'drift' : 'note'};
  }
  if (seen.is === 'silent') return {...check, observed: 'its file system does not answer', verdict: 'unknown'};
  if (seen.is === 'hidden') return {...check, observed: 'this user may not look there', verdict: 'unknown'};
  const observed = seenWords(file, seen, context.names);
  const drift = differenceOf(file, seen, context);
  if (drift) {
    const verdict = drift.isCertain ? 'drift' : 'note';
    return {...check, observed: `${observed}: ${drift.why}`, verdict, remedies: drift.remedies};
  }
  if (isOpenTo(file, seen, context.actor)) return {...check, observed, verdict: 'ok'};
  return {
    ...check,
    observed: `${observed}: its mode alone does not let the guest's user in`,
    verdict: 'note',
    remedies: [`virtty explain ${quoteWord(context.domain)}`],
  };
}

function askedWords({given, access}: UsedFile, {names}: FileContext): string {
  const words = [
    ...(given?.owner ? [ownerWords(given.owner, names)] : []),
    ...(access === undefined ? [] : [access === 'write' ? 'read and write' : 'read']),
    ...(given?.label === undefined ? [] : [given.label]),
  ];
  return words.join(', ') || 'nothing';
}

function seenWords({given}: UsedFile, {uid, gid, mode, label}: Found, names: Names): string {
  const shown = label ?? (given?.label === undefined ? undefined : 'no label');
  return `${ownerWords({uid, gid}, names)} ${formatMode(mode)}${shown === undefined ? '' : `, ${shown}`}`;
}

function ownerWords({uid, gid}: GrantOwner, {user, group}: Names): string {
  return `${user(uid)}:${group(gid)}`;
}

interface Difference {
  readonly why: string;
  readonly remedies: readonly string[];
  readonly isCertain: boolean;
}

/** What is no longer as it was given; the first of it. */
function differenceOf(file: UsedFile, seen: Found, {actor}: FileContext): Difference | undefined {
  const {given} = file;
  const path = quoteWord(file.path);
  if (given && (given.dev !== seen.dev || given.ino !== seen.ino)) {
    return {why: 'another file is there now, the guest has the one of before', remedies: [], isCertain: true};
  }
  const differing = (mark: string, remedy: string): Difference =>
    given?.mayDiffer
      ? {why: `its file system may keep no ${mark} of its own`, remedies: [], isCertain: false}
      : {why: `its ${mark} was changed`, remedies: [remedy], isCertain: true};
  if (given?.owner && (given.owner.uid !== seen.uid || given.owner.gid !== seen.gid)) {
    return differing('owner', `chown ${given.owner.uid}:${given.owner.gid} ${path}`);
  }
  if (given?.label !== undefined && seen.label !== given.label) {
    return differing('label', `chcon ${quoteWord(given.label)} ${path}`);
  }
  // No list of access control counts for the owner.
  if (seen.uid === actor.uid && !isOpenTo(file, seen, actor)) {
    const letters = file.access === 'write' ? 'rw' : 'r';
    return {why: 'its mode does not let its owner in', remedies: [`chmod u+${letters} ${path}`], isCertain: true};
  }
  return undefined;
}

/** By owner and mode. @see path_resolution(7) */
function isOpenTo({access}: UsedFile, {uid, gid, mode}: Found, actor: Actor): boolean {
  if (access === undefined || actor.hasCapabilities) return true;
  const isOfGroup = gid === actor.gid || actor.groups.includes(gid);
  const shift = uid === actor.uid ? 6 : isOfGroup ? 3 : 0;
  const needed = access === 'write' ? 0o6 : 0o4;
  return ((mode >> shift) & needed) === needed;
}
