import type {DomainStats} from '../model/hypervisor.ts';

/** How many readings a history keeps: five minutes at one a second. */
export const HISTORY_LENGTH = 300;

/** What a running domain uses, with its recent past. */
export interface Usage {
  readonly last: DomainStats;
  /** Share of one host core since the reading before: 1 is a core fully used; undefined after one reading. */
  readonly cpuRatio: number | undefined;
  /** Newest last. */
  readonly cpuHistory: readonly number[];
  /** Resident KiB, newest last. */
  readonly rssHistory: readonly number[];
}

/** Adds a reading. CPU time that went back means another process: its history starts anew. */
export function addReading(before: Usage | undefined, stats: DomainStats): Usage {
  const elapsedMs = before === undefined ? 0 : stats.atMs - before.last.atMs;
  if (before === undefined || elapsedMs <= 0 || stats.cpuTimeNs < before.last.cpuTimeNs) {
    return {last: stats, cpuRatio: undefined, cpuHistory: [], rssHistory: [Number(stats.rssKiB)]};
  }
  const cpuRatio = Number(stats.cpuTimeNs - before.last.cpuTimeNs) / 1e6 / elapsedMs;
  return {
    last: stats,
    cpuRatio,
    cpuHistory: [...before.cpuHistory, cpuRatio].slice(-HISTORY_LENGTH),
    rssHistory: [...before.rssHistory, Number(stats.rssKiB)].slice(-HISTORY_LENGTH),
  };
}
