import {readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {errnoOf} from './files.ts';

/** A process that cannot be confused with a later one of the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start. */
  readonly startTicks: number;
}

/** One reading of `/proc/PID/stat`. */
export interface ProcessStat extends ProcessIdentity {
  /** `R`, `S`, `Z`, ... */
  readonly state: string;
  /** 0 for a process whose parent is outside of this pid namespace. */
  readonly parentPid: number;
  /** The first 15 bytes of its program's name, or what it calls itself. Outside text. */
  readonly command: string;
  /** User and system time. */
  readonly cpuTicks: number;
  readonly rssPages: number;
}

/** Ticks per second of every time in /proc. Source: Linux, include/asm-generic/param.h, USER_HZ. */
export const TICKS_PER_SECOND = 100;
const PAGE_KIB = 4;

/**
 * Reads the fields of `/proc/PID/stat` that are used here. The command name may contain anything, so fields count from its end.
 * @see Linux, Documentation/filesystems/proc.rst, table 1-4
 */
export function parseStat(text: string): ProcessStat | undefined {
  const close = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(close + 2).split(' ');
  const number = (index: number) => Number(fields[index]);
  if (close < 0 || !Number.isInteger(pid) || fields.length < 22) return undefined;
  return {
    pid,
    state: fields[0] ?? '',
    parentPid: number(1),
    command: text.slice(text.indexOf('(') + 1, close),
    cpuTicks: number(11) + number(12),
    startTicks: number(19),
    rssPages: number(21),
  };
}

/** A process as it is now; undefined when there is none. */
export function readProcess(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** True while this very process runs: not another of the same pid, and not a zombie, which nobody has reaped yet. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readProcess(identity.pid);
  return stat !== undefined && stat.startTicks === identity.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

/** CPU time in nanoseconds and resident memory of a reading. */
export function usageOf(stat: ProcessStat): {readonly cpuTimeNs: bigint; readonly rssKiB: bigint} {
  return {
    cpuTimeNs: (BigInt(stat.cpuTicks) * 1_000_000_000n) / BigInt(TICKS_PER_SECOND),
    rssKiB: BigInt(stat.rssPages) * BigInt(PAGE_KIB),
  };
}

/** `/proc/PID/status` as text; undefined when the process is gone. */
export async function readProcessStatus(pid: number): Promise<string | undefined> {
  return readProcFile(`/proc/${pid}/status`);
}

/** The security label of a process; undefined where no security module gives one, or its policy does not let us ask. */
export async function readProcessLabel(pid: number): Promise<string | undefined> {
  const text = await readProcFile(`/proc/${pid}/attr/current`);
  const label = text?.replace(/[\0\n]+$/, '');
  return label ? label : undefined;
}

async function readProcFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EINVAL' || code === 'EACCES') return undefined;
    throw error;
  }
}
