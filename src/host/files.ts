import {accessSync, constants, readFileSync, statSync} from 'node:fs';
import {access, mkdir, open, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {VirtError} from '../base/virt-error.ts';

/** The code of an operating system's error, e.g. `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'there is no such file or directory',
  EEXIST: 'it is there already',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
};

/** The error for a file operation that failed: what was tried, on what, why. */
export function fileError(tried: string, path: string, error: unknown, hint?: string): VirtError {
  const code = errnoOf(error);
  const why = (code && WHY[code]) ?? (error instanceof Error ? error.message : String(error));
  return new VirtError('SYSTEM_ERROR', 'QEMU', `cannot ${tried} '${path}': ${why}`, {
    cause: error,
    ...(hint === undefined ? {} : {hint}),
  });
}

/** As `readTextIfThere`, without a trip through Node's threads: for small files, many at a time. */
export function readTextNow(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}

/** The text of a file, or undefined when there is none. @throws {VirtError} SYSTEM_ERROR for any other failure */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}

/**
 * Replaces a file so that a reader, or a crash, finds the old text or the new one, never a part.
 *
 * @param options.sync  false for a file that need not outlive a crash of the host
 * @throws {VirtError} SYSTEM_ERROR; nothing is left behind
 */
export async function writeTextAtomically(
  path: string,
  text: string | Uint8Array,
  options: {readonly sync?: boolean; readonly mode?: number} = {},
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w', options.mode ?? 0o600);
    try {
      await file.writeFile(text);
      if (options.sync !== false) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw fileError('write', path, error);
  }
}

/**
 * Makes a directory that only its owner may enter, with its parents.
 *
 * @param parentMode  of parents that are made: 0711 lets others through to what is theirs
 * @throws {VirtError} SYSTEM_ERROR
 */
export async function ensurePrivateDir(path: string, parentMode = 0o700): Promise<void> {
  try {
    await makeDirs(path, {mode: 0o700, parentMode});
  } catch (error) {
    throw fileError('create the directory', path, error, 'choose a directory that you may write to');
  }
}

/** Node 24's own recursive mkdir never returns where the parent is there and the kernel still says ENOENT, as in /proc. */
async function makeDirs(
  path: string,
  {mode, parentMode}: {readonly mode: number; readonly parentMode: number},
): Promise<void> {
  try {
    await mkdir(path, {mode});
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path || (await fileExists(dirname(path)))) throw error;
    await makeDirs(dirname(path), {mode: parentMode, parentMode});
    await mkdir(path, {mode});
  }
}

/** Removes a file; one that is not there is no error. @throws {VirtError} SYSTEM_ERROR */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, {force: true});
  } catch (error) {
    throw fileError('remove', path, error);
  }
}

/** Adds text at the end of a file, making it when needed. @throws {VirtError} SYSTEM_ERROR */
export async function appendText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, {flag: 'a', mode: 0o600});
  } catch (error) {
    throw fileError('write', path, error);
  }
}

/** True when the path names a file that this process may execute. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // any reason: the caller asks whether, not why
  }
}

/** Size in bytes, 0 for a file that is not there, and text of a file from an offset on. */
export async function readTextFrom(path: string, offset: number, maxBytes: number): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw fileError('read', path, error);
  }
  try {
    const {size} = await file.stat();
    const start = Math.max(offset, size - maxBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const {bytesRead} = await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Whether a path is a regular file that this user may read: opening anything else may wait for ever. */
export function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false; // for whatever reason: it is not read then
  }
}

/** True when something is there under that path. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false; // any reason: the caller asks whether, not why
  }
}
