import {type BigIntStats, constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {VirtError} from '../../base/virt-error.ts';
import {deviceNumberIn} from '../../host/device-number.ts';
import {errnoOf, fileError} from '../../host/files.ts';
import {openByPath} from '../../host/open-by-path.ts';
import type {FileGrant} from '../../security/file-grant.ts';

/** A file that is about to be given, held so that nothing that is put in its place counts. */
export interface HeldFile {
  readonly is: 'held';
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
  /** It was not there: this start has made it. */
  readonly isMade: boolean;
}

/** A file that is left to whoever opens it. */
export interface LeftFile {
  readonly is: 'left';
  /** A sentence, where it is worth knowing. */
  readonly warning?: string;
}

export interface OpenGrantContext {
  /** For messages. */
  readonly domain: string;
  /** Who a file belongs to when no guest has it. */
  readonly ownerOf: (stats: BigIntStats) => number;
}

/**
 * Opens the file of a grant, and looks whether it is what it has to be and nobody else's by a trick.
 *
 * @returns `left` where there is none, or where root may not look: whoever opens it will see
 * @throws {VirtError} OPERATION_DENIED for a file that is not given, with the reason; SYSTEM_ERROR when it cannot be made
 */
export async function openGrant(grant: FileGrant, context: OpenGrantContext): Promise<HeldFile | LeftFile> {
  const isMade = grant.create === true && (await makeIfMissing(grant, context));
  const found = await openByPath(grant.path, {self: process.getuid?.() ?? 0, ownerOf: context.ownerOf});
  if (found.is === 'missing') return {is: 'left'};
  if (found.is === 'hidden') return {is: 'left', warning: `${grant.what}: '${grant.path}' keeps its owner: ${HIDDEN}`};
  if (found.is === 'refused') throw refusal(grant, context, found.why);
  const {handle, stats, directory} = found;
  const wrong = wrongKind(grant, stats) ?? wrongFile(stats, directory, context);
  if (wrong === undefined && !isKernels(stats)) return {is: 'held', handle, stats, isMade};
  await handle.close();
  if (wrong === undefined) return {is: 'left'};
  throw refusal(grant, context, wrong, hintFor(grant, stats));
}

/** Why a file is left as it is that root may not look at. */
export const HIDDEN = 'root may not look at it there (NFS with root_squash does so, and SELinux)';

/** The path is looked at first: what it says is refused before anything is made. */
async function makeIfMissing(grant: FileGrant, context: OpenGrantContext): Promise<boolean> {
  const folder = await openByPath(grant.path.replace(/\/+[^/]*\/*$/, '') || '/', {
    self: process.getuid?.() ?? 0,
    ownerOf: context.ownerOf,
  });
  if (folder.is === 'missing' || folder.is === 'hidden') return false;
  if (folder.is === 'refused') throw refusal(grant, context, folder.why);
  const name = grant.path.split('/').findLast(part => part !== '') ?? '';
  try {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
    const file = await open(`/proc/self/fd/${folder.handle.fd}/${name}`, flags, 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileError('create', grant.path, error);
  } finally {
    await folder.handle.close();
  }
}

const KINDS = {
  file: ['a regular file', stats => stats.isFile()],
  block: ['a block device', stats => stats.isBlockDevice()],
  char: ['a character device', stats => stats.isCharacterDevice()],
  dir: ['a directory', stats => stats.isDirectory()],
  socket: ['a socket', stats => stats.isSocket()],
  pipe: ['a pipe', stats => stats.isFIFO()],
} as const satisfies Readonly<Record<FileGrant['kind'], readonly [string, (stats: BigIntStats) => boolean]>>;

function wrongKind({kind}: FileGrant, stats: BigIntStats): string | undefined {
  const [name, is] = KINDS[kind];
  if (is(stats)) return undefined;
  const found = Object.values(KINDS).find(([, isIt]) => isIt(stats));
  return `is ${found?.[0] ?? 'something else'}, and ${name} is needed`;
}

/** Minor numbers of misc devices that many processes use: rtc, vfio, tun, hpet, fuse, kvm, vhost-net, vhost-vsock. */
const SHARED_MISC: readonly number[] = [135, 196, 200, 228, 229, 232, 238, 241];
const [MEMORY, TERMINALS, MISC] = [1, 5, 10];

/**
 * Whether a node is one that every process of the host uses, whatever path leads to it: `null`, `random`, `tty`, ...
 *
 * @see Linux, Documentation/admin-guide/devices.txt, 1, 5 and 10 char
 */
function isKernels(stats: BigIntStats): boolean {
  const number = deviceNumberIn(stats);
  if (number?.type !== 'c') return false;
  const {major, minor} = number;
  return major === MEMORY || major === TERMINALS || (major === MISC && SHARED_MISC.includes(minor));
}

const SET_ID_BITS = 0o6000n;

/** A second name lets whoever may write there have anybody's file changed. @see Linux, Documentation/admin-guide/sysctl/fs.rst, protected_hardlinks */
function wrongFile(stats: BigIntStats, directory: BigIntStats, {ownerOf}: OpenGrantContext): string | undefined {
  if (!stats.isFile()) return undefined;
  if ((stats.mode & SET_ID_BITS) !== 0n) {
    return 'is a program with the rights of its owner, which it would lose with a change of the owner';
  }
  const owner = ownerOf(stats);
  const isOthers = directory.uid !== 0n && Number(directory.uid) !== owner;
  const isShared = (directory.mode & 0o022n) !== 0n;
  if (stats.nlink < 2n || !(isOthers || isShared)) return undefined;
  return `is one of ${stats.nlink} names of a file of user ${owner}, in a directory where others may write: copy it, or remove the other names`;
}

const HINT = "put it right, or leave the file as it is: <seclabel model='dac' relabel='no'/> in its <source>";

/** The usual mistake: an image is called a device, or a device an image. */
function hintFor({kind}: FileGrant, stats: BigIntStats): string {
  if (kind === 'file' && stats.isBlockDevice()) return "a device is named so: <disk type='block'><source dev='PATH'/>";
  if (kind === 'block' && stats.isFile()) return "a file is named so: <disk type='file'><source file='PATH'/>";
  return HINT;
}

function refusal({path, what}: FileGrant, {domain}: OpenGrantContext, why: string, hint = HINT): VirtError {
  return new VirtError('OPERATION_DENIED', 'SECURITY', `cannot give domain '${domain}' ${what}: '${path}' ${why}`, {
    hint,
  });
}
