import type {TimedLine} from './console/timed-lines.ts';
import {UsageError} from './usage-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = {s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000};

/**
 * Reads the moment that `--since` names: a span before now (`90s`, `10m`, `2h`, `3d`), or a time as ISO 8601 has it; one
 * without a zone is local, a day alone begins at midnight.
 *
 * @returns milliseconds since 1970
 * @throws {UsageError} for anything else
 */
export function parseSince(text: string, nowMs: number): number {
  const span = /^(\d{1,6})([smhd])$/.exec(text);
  if (span) return nowMs - Number(span[1]) * (UNIT_MS[span[2] ?? ''] ?? 0);
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text.replace(/^(\S+) /, '$1T');
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(day) ? Date.parse(day) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new UsageError(
    `option --since: '${text}' is no time`,
    'write a span such as 10m, 2h or 3d, or a time such as 2026-11-24 18:00',
  );
}

/** The lines of a domain's log from a moment on; one without a time is of the same moment as the one before. */
export function linesSince(lines: readonly string[], sinceMs: number): readonly string[] {
  const first = lines.findIndex(line => (timeOf(line) ?? Number.NEGATIVE_INFINITY) >= sinceMs);
  return first < 0 ? [] : lines.slice(first);
}

/** What a line said from a moment on; also what may have come since then, where nobody saw it come. */
export function timedLinesSince(lines: readonly TimedLine[], sinceMs: number): readonly TimedLine[] {
  const first = lines.findIndex(({time}) => (time?.ms ?? Number.POSITIVE_INFINITY) >= sinceMs);
  return first < 0 ? [] : lines.slice(first);
}

/** The lines of one run in a domain's log: of the last (0), or of the one before (-1); none when it is not in the log. */
export function linesOfBoot(lines: readonly string[], boot: 0 | -1): readonly string[] {
  const starts = lines.flatMap((line, at) => (/^\S+Z virtty: starting /.test(line) ? [at] : []));
  const start = starts.at(boot - 1);
  if (start === undefined) return boot === 0 ? lines : [];
  return lines.slice(start, boot === 0 ? undefined : starts.at(boot));
}

/** Every line that virtty writes into the log begins with its time. */
function timeOf(line: string): number | undefined {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z(?= )/.exec(line)?.[0];
  return time === undefined ? undefined : Date.parse(time);
}
