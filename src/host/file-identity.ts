import {constants} from 'node:fs';
import {access, readdir, realpath, stat} from 'node:fs/promises';
import {errnoOf} from './files.ts';

/** A file as it is now: another size or time means other contents. */
export interface FileIdentity {
  /** With every symbolic link resolved. */
  readonly realPath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** What a path leads to, seen as a program to run. */
export type ProgramFile =
  | {readonly is: 'missing'}
  /** `why` goes on from the path, e.g. `is a directory`. */
  | {readonly is: 'not executable'; readonly why: string}
  | ({readonly is: 'executable'} & FileIdentity);

/** Looks at a path that may name a program. */
export async function inspectProgram(path: string): Promise<ProgramFile> {
  try {
    const realPath = await realpath(path);
    const {size, mtimeMs, ctimeMs, ...kind} = await stat(realPath);
    if (!isRegular(kind.mode)) return {is: 'not executable', why: 'is not a regular file'};
    await access(realPath, constants.X_OK);
    return {is: 'executable', realPath, sizeBytes: size, mtimeMs, ctimeMs};
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return {is: 'missing'};
    return {is: 'not executable', why: code === 'EACCES' ? 'may not be executed by this user' : `gives ${code}`};
  }
}

function isRegular(mode: number): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFREG;
}

/** The names in a directory, sorted; none when it is not there or may not be read. */
export async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch {
    return []; // a search path may name what is not there
  }
}

/** When a directory last changed, milliseconds since 1970; undefined when it is not there. */
export async function changeTimeMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined; // the same as not being there, for the caller
  }
}
