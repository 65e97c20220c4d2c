import {constants} from 'node:fs';
import {type FileHandle, open, readdir, rmdir, unlink} from 'node:fs/promises';
import {errnoOf, fileError} from './files.ts';

/** Nobody of ours makes folders this deep. */
const MAX_DEPTH = 64;

/**
 * Removes a file, or a folder with what is in it. Every folder is entered by its descriptor and no link is followed: a
 * process that exchanges parts of the tree meanwhile has nothing removed outside of it.
 *
 * @param path  absolute; nobody else can exchange what is above it
 * @throws {VirtError} SYSTEM_ERROR; what is not there is no error
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await removeEntry(path, 0);
  } catch (error) {
    throw fileError('remove', path, error);
  }
}

async function removeEntry(path: string, depth: number): Promise<void> {
  const folder = await openFolder(path);
  if (!folder) return ignoreMissing(unlink(path));
  try {
    if (depth > MAX_DEPTH) throw new Error(`its folders are more than ${MAX_DEPTH} deep`);
    const inside = `/proc/self/fd/${folder.fd}`;
    for (const name of await readdir(inside)) await removeEntry(`${inside}/${name}`, depth + 1);
  } finally {
    await folder.close();
  }
  await ignoreMissing(rmdir(path));
}

/** @returns undefined for what is no folder, a link to one, or not there */
async function openFolder(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENOENT') return undefined;
    throw error;
  }
}

async function ignoreMissing(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
