import type {OutputTime} from '../model/output-time.ts';

/** What is known about a log besides its bytes. Offsets count from the first byte of the boot. */
export type JournalRecord =
  /** Somebody began to watch: what was there is older than that. */
  | {readonly is: 'begun'; readonly offset: number; readonly ms: number}
  /** The log has grown to `offset` since the record before, and not later than `ms`. */
  | {readonly is: 'grown'; readonly offset: number; readonly ms: number}
  /** Everything before `offset` is gone. */
  | {readonly is: 'dropped'; readonly offset: number};

const LETTERS = {begun: 'b', grown: 'g', dropped: 'd'} as const;

/** Where a log's journal is: beside it. */
export function journalPath(logPath: string): string {
  return `${logPath}.times`;
}

/** One line of a journal, with its end. */
export function formatRecord(record: JournalRecord): string {
  const ms = record.is === 'dropped' ? '' : ` ${record.ms}`;
  return `${LETTERS[record.is]} ${record.offset}${ms}\n`;
}

/** What came from `from` to the next span came at `time`. */
export interface TimeSpan {
  readonly from: number;
  readonly time: OutputTime;
}

/** A journal as it was read: when each byte of a log came, and from where on the bytes are there. */
export class LogJournal {
  /** Bytes before this are gone. */
  readonly keptFrom: number;
  readonly #spans: readonly TimeSpan[];

  constructor(records: readonly JournalRecord[]) {
    this.keptFrom = records.reduce(
      (last, record) => (record.is === 'dropped' ? Math.max(last, record.offset) : last),
      0,
    );
    this.#spans = spansOf(records);
  }

  /** The times of the bytes in a range, in their order; what nobody saw come is from before `nowMs`. */
  spans(from: number, to: number, nowMs: number): readonly TimeSpan[] {
    const spans: TimeSpan[] = [];
    for (let at = this.#indexAt(from); at < this.#spans.length; at++) {
      const span = this.#spans[at];
      if (span === undefined || span.from >= to) return spans;
      spans.push({from: Math.max(from, span.from), time: timeOr(span.time, nowMs)});
    }
    return spans;
  }

  /** The last span that begins at or before an offset. */
  #indexAt(offset: number): number {
    let [low, high] = [0, this.#spans.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#spans[middle]?.from ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function timeOr(time: OutputTime, nowMs: number): OutputTime {
  return time.ms === Number.POSITIVE_INFINITY ? {is: 'before', ms: nowMs} : time;
}

/** What came after the last record is from before whenever it is asked for: infinity stands for that. */
function spansOf(records: readonly JournalRecord[]): readonly TimeSpan[] {
  const spans: TimeSpan[] = [];
  let from = 0;
  for (const record of records) {
    if (record.is === 'dropped' || record.offset <= from) continue;
    spans.push({from, time: {is: record.is === 'begun' ? 'before' : 'at', ms: record.ms}});
    from = record.offset;
  }
  return [...spans, {from, time: {is: 'before', ms: Number.POSITIVE_INFINITY}}];
}

/** Reads a journal; lines that are none, as the half one of a host that lost power, are left out. */
export function parseJournal(text: string): readonly JournalRecord[] {
  return text.split('\n').flatMap((line): readonly JournalRecord[] => {
    const match = /^([bgd]) (\d{1,15})(?: (\d{1,15}))?$/.exec(line);
    if (!match) return [];
    const [offset, ms] = [Number(match[2]), Number(match[3] ?? Number.NaN)];
    if (match[1] === 'd') return [{is: 'dropped', offset}];
    return Number.isNaN(ms) ? [] : [{is: match[1] === 'b' ? 'begun' : 'grown', offset, ms}];
  });
}

/**
 * The same journal with less in it: nothing of bytes that are gone, and of the older half every second moment. What came
 * at one that is left out came at the next.
 */
export function thinJournal(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const {keptFrom} = new LogJournal(records);
  const timed = records.filter(record => record.is !== 'dropped' && record.offset > keptFrom);
  const older = Math.floor(timed.length / 2);
  const kept = timed.filter((record, at) => at >= older || record.is === 'begun' || at % 2 === 1);
  return keptFrom === 0 ? kept : [{is: 'dropped', offset: keptFrom}, ...kept];
}
