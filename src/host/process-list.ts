import {readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {basename} from 'node:path';
import {errnoOf} from './files.ts';
import {type ProcessIdentity, readProcess, TICKS_PER_SECOND} from './proc.ts';

/** A process as a search for emulators looks at it. */
export interface ListedProcess extends ProcessIdentity {
  /** What it runs; absent where this user may not know. */
  readonly executable?: string;
  /** Its arguments. Outside text. */
  readonly words: readonly string[];
}

/** What else is asked about a process that was found. */
export interface ProcessSurroundings {
  readonly uid: number;
  /** `/proc/PID/cgroup`; empty where it cannot be read. */
  readonly cgroup: string;
  /** The program of its parent; absent for a child of the first process. Outside text. */
  readonly parent?: string;
}

/** The longest command line that is looked at: the kernel takes 2 MiB, and a guest's has some kilobytes. */
const MAX_COMMAND_BYTES = 256 * 1024;

/** Every process that `/proc` shows. */
export function listPids(): readonly number[] {
  return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** A process with its command line; undefined for one that is gone, a zombie, or a part of the kernel. */
export function lookAtProcess(pid: number): ListedProcess | undefined {
  const text = allowed(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  if (!text) return undefined;
  const stat = readProcess(pid);
  if (!stat || stat.state === 'Z' || stat.state === 'X') return undefined;
  const executable = allowed(() => readlinkSync(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, '');
  return {
    pid,
    startTicks: stat.startTicks,
    words: text.slice(0, MAX_COMMAND_BYTES).replace(/\0$/, '').split('\0'),
    ...(executable === undefined ? {} : {executable}),
  };
}

/** Undefined when the process is gone. */
export function readSurroundings(pid: number): ProcessSurroundings | undefined {
  const owner = allowed(() => statSync(`/proc/${pid}`));
  const stat = readProcess(pid);
  if (!owner || !stat) return undefined;
  const parent = stat.parentPid > 1 ? programOf(stat.parentPid) : undefined;
  return {
    uid: owner.uid,
    cgroup: allowed(() => readFileSync(`/proc/${pid}/cgroup`, 'utf8')) ?? '',
    ...(parent === undefined ? {} : {parent}),
  };
}

/** The name of the file that a process runs, else what it calls itself. */
function programOf(pid: number): string | undefined {
  const path = allowed(() => readlinkSync(`/proc/${pid}/exe`));
  return path === undefined ? readProcess(pid)?.command : basename(path.replace(/ \(deleted\)$/, ''));
}

/** When the host was booted, milliseconds since 1970; processes count their start from there. */
export function bootTimeMs(): number {
  const text = readFileSync('/proc/stat', 'utf8');
  return Number(/^btime (\d+)$/m.exec(text)?.[1] ?? 0) * 1000;
}

/** Wall clock of a process's start, milliseconds since 1970. */
export function startTimeMs({startTicks}: ProcessIdentity, bootMs: number): number {
  return bootMs + (startTicks * 1000) / TICKS_PER_SECOND;
}

/** Undefined for what is gone or another user's. */
function allowed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
