import {VirtError} from '../../base/virt-error.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import type {FileMarks, GrantEntry, GrantUser} from './grant-registry.ts';

/** The domain that is given files. */
export interface Claimant {
  readonly uuid: string;
  readonly domain: string;
}

/** A file as it is before it is given. */
export interface ClaimedFile {
  readonly dev: string;
  readonly ino: string;
  readonly bootId: string;
  readonly now: FileMarks;
}

/** An entry with one more user, and what is worth knowing of it. */
export interface Claim {
  readonly entry: GrantEntry;
  readonly warning?: string;
}

/**
 * The entry of a file with one more user. What the file had before it was first given stays what is given back.
 *
 * @param known  the entry of the file, when guests have it already
 * @throws {VirtError} RESOURCE_BUSY for an image that another domain has for itself (of a device the kernel knows, and a
 *   server may serve several), or for what is to be written by two users
 * @see libvirt 9.0.0, src/security/security_dac.c, virSecurityDACSetOwnership: another owner for a file in use is refused
 */
export function claimFile(
  grant: FileGrant,
  file: ClaimedFile,
  known: GrantEntry | undefined,
  {uuid, domain}: Claimant,
): Claim {
  const user: GrantUser = {uuid, domain, path: grant.path, what: grant.what, shared: grant.shared};
  const others = known?.users.filter(other => other.uuid !== uuid) ?? [];
  const isImage = grant.kind === 'file' || grant.kind === 'block';
  const busy = isImage ? others.find(other => !(other.shared && grant.shared)) : undefined;
  if (busy) throw inUse(grant, domain, busy);
  const asked = marksOf(grant);
  if (!known || others.length === 0) return {entry: newEntry(grant, file, known, user, asked)};
  const entry = {...known, users: [...known.users, user]};
  const {owner} = known.given;
  if (asked.owner === undefined || (owner?.uid === asked.owner.uid && owner.gid === asked.owner.gid)) return {entry};
  const why = `'${grant.path}' has the owner that ${namesOf(others)} needs`;
  if (grant.access === 'write') throw otherOwner(grant, domain, why);
  return {entry, warning: `${grant.what} keeps its owner: ${why}`};
}

function newEntry(
  grant: FileGrant,
  {dev, ino, bootId, now}: ClaimedFile,
  known: GrantEntry | undefined,
  user: GrantUser,
  asked: FileMarks,
): GrantEntry {
  const before = known?.before ?? now;
  const {restoreOwner} = grant;
  const owner = restoreOwner ?? before.owner;
  const {label} = before;
  return {
    kind: grant.kind,
    dev,
    ino,
    bootId,
    before,
    given: asked,
    giveBack: grant.restore
      ? {...(asked.owner && owner ? {owner} : {}), ...(asked.label !== undefined && label !== undefined ? {label} : {})}
      : {},
    users: [...(known?.users ?? []), user],
  };
}

function marksOf({owner, label}: FileGrant): FileMarks {
  return {...(owner ? {owner} : {}), ...(label === undefined ? {} : {label})};
}

function inUse({path, what}: FileGrant, domain: string, busy: GrantUser): VirtError {
  const why = busy.shared ? 'uses it' : 'has it for itself';
  return new VirtError(
    'RESOURCE_BUSY',
    'SECURITY',
    `cannot give domain '${domain}' ${what}: domain '${busy.domain}' ${why} as ${busy.what}, '${path}'`,
    {hint: 'stop that domain, or write <shareable/> or <readonly/> into the disk of both'},
  );
}

function otherOwner({what}: FileGrant, domain: string, why: string): VirtError {
  return new VirtError('RESOURCE_BUSY', 'SECURITY', `cannot give domain '${domain}' ${what}: ${why}`, {
    hint: "run both as one user, or give the users a group and write <seclabel model='dac' relabel='no'/>",
  });
}

function namesOf(users: readonly GrantUser[]): string {
  return [...new Set(users.map(({domain}) => `domain '${domain}'`))].join(', ');
}
