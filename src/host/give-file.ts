import {constants, type Stats} from 'node:fs';
import {chown, open, readdir} from 'node:fs/promises';
import {VirtError} from '../base/virt-error.ts';
import {errnoOf, fileError} from './files.ts';

/** Who a file belongs to. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Opens a file without being given anything of it. Source: Linux, include/uapi/asm-generic/fcntl.h. */
const O_PATH = 0o10_000_000;

type Kind = 'socket' | 'file' | 'directory';

const IS: Readonly<Record<Kind, (stats: Stats) => boolean>> = {
  socket: stats => stats.isSocket(),
  file: stats => stats.isFile() && stats.nlink === 1,
  directory: stats => stats.isDirectory(),
};

/**
 * Gives a file to somebody. It is looked at and changed by one descriptor, and a link is not followed: who can exchange it
 * is given no other one.
 *
 * @throws {VirtError} SYSTEM_ERROR; OPERATION_FAILED for what is of another kind, or has a second name
 */
export async function giveFile(path: string, kind: Kind, {uid, gid}: Owner): Promise<void> {
  const file = await open(path, O_PATH | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw fileError('open', path, error);
  });
  try {
    const stats = await file.stat();
    if (!IS[kind](stats)) {
      throw new VirtError(
        'OPERATION_FAILED',
        'QEMU',
        `cannot give '${path}' to the user ${uid}: it is no plain ${kind}`,
      );
    }
    if (stats.uid === uid && stats.gid === gid) return;
    await chown(`/proc/self/fd/${file.fd}`, uid, gid).catch((error: unknown) => {
      throw fileError(`give to the user ${uid}`, path, error);
    });
  } finally {
    await file.close();
  }
}

/** Gives a folder and the plain files in it to somebody; folders and links in it are left as they are. @throws {VirtError} */
export async function giveFolder(path: string, owner: Owner): Promise<void> {
  await giveFile(path, 'directory', owner);
  for (const entry of await entriesOf(path)) {
    if (entry.isFile()) await giveFile(`${path}/${entry.name}`, 'file', owner);
  }
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, {withFileTypes: true});
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw fileError('read the directory', path, error);
  }
}
