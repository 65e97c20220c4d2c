import {isUtf8} from 'node:buffer';
import {readFile, readlink} from 'node:fs/promises';
import {errnoOf} from './files.ts';

/** How a running process was started. */
export interface ProcessCommand {
  /** Its arguments; the first is the path of its program where it was found by its name. */
  readonly words: readonly string[];
  /** Whether the words are all UTF-8, so that they are the arguments exactly. */
  readonly isExact: boolean;
  /** `NAME=VALUE`; undefined where this user may not read it. */
  readonly environment: readonly string[] | undefined;
  /** Its working directory; undefined where this user may not read it. */
  readonly directory: string | undefined;
}

/** Reads `/proc/PID/cmdline`, `environ` and `cwd`; undefined when there is no such process or it has no arguments. */
export async function readProcessCommand(pid: number): Promise<ProcessCommand | undefined> {
  const bytes = await allowed(readFile(`/proc/${pid}/cmdline`));
  const cmdline = bytes?.toString();
  if (!bytes || !cmdline) return undefined;
  const environ = await allowed(readFile(`/proc/${pid}/environ`, 'utf8'));
  const directory = await allowed(readlink(`/proc/${pid}/cwd`));
  const words = cmdline.replace(/\0$/, '').split('\0');
  const [program = ''] = words;
  const path = program.includes('/') ? undefined : await allowed(readlink(`/proc/${pid}/exe`));
  return {
    words: path === undefined ? words : [path.replace(/ \(deleted\)$/, ''), ...words.slice(1)],
    isExact: isUtf8(bytes),
    environment: environ?.split('\0').filter(entry => entry.includes('=')),
    directory,
  };
}

/** Undefined for what is gone or another user's. */
async function allowed<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
