import {accessSync, constants, lstatSync, readdirSync, realpathSync, statSync} from 'node:fs';
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

/** At once: some thirty of these for each look at a host cost less than one trip through Node's threads. */
export function inspectProgram(path: string): ProgramFile {
  try {
    const realPath = realpathSync.native(path);
    const {size, mtimeMs, ctimeMs, mode} = statSync(realPath);
    const kind = mode & constants.S_IFMT;
    if (kind === constants.S_IFDIR) return {is: 'not executable', why: 'is a directory'};
    if (kind !== constants.S_IFREG) return {is: 'not executable', why: 'is not a regular file'};
    accessSync(realPath, constants.X_OK);
    return {is: 'executable', realPath, sizeBytes: size, mtimeMs, ctimeMs};
  } catch (error) {
    const code = errnoOf(error) ?? 'EIO';
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return {is: 'not executable', why: WHY[code] ?? `gives ${code}`};
    return isLink(path) ? {is: 'not executable', why: 'leads to what is not there'} : {is: 'missing'};
  }
}

const WHY: Readonly<Record<string, string>> = {EACCES: 'may not be executed by this user', ELOOP: 'leads to itself'};

function isLink(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() ?? false;
}

/** The names in a directory, sorted; none when it is not there or may not be read. */
export async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return readdirSync(directory).sort();
  } catch {
    return []; // a search path may name what is not there
  }
}

/** When a file or directory last changed, its contents and what is said of it; undefined when it is not there. */
export function changeTimes(path: string): string | undefined {
  try {
    const found = statSync(path, {throwIfNoEntry: false});
    return found && `${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
  } catch {
    return undefined; // the same as not being there, for the caller
  }
}
