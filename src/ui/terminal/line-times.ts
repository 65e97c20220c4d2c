import type {IMarker, Terminal} from '@xterm/headless';
import type {OutputTime} from '../../model/output-time.ts';

/** Cells that a time takes in front of a row. */
export const TIME_COLUMNS = 10;

/** From this line on everything came at `time`, until the next mark. */
interface Mark {
  readonly line: number;
  readonly time: OutputTime;
}

/**
 * When the lines of an emulator came. A line is counted once, in however many rows it is: the numbers stay true when the
 * emulator gets another width, and when rows leave its history. One marker in the emulator says where the counting is;
 * a marker for each time would be moved at every row that leaves.
 */
export class LineTimes {
  readonly #term: Terminal;
  #marks: Mark[] = [];
  #anchor: IMarker | undefined;
  #anchorLine = 0;

  constructor(term: Terminal) {
    this.#term = term;
  }

  /** What the emulator parses next came at this time. Full-screen programs of the guest have no lines. */
  begin(time: OutputTime): void {
    const {active, normal} = this.#term.buffer;
    if (active.type === 'alternate') return;
    const row = normal.baseY + normal.cursorY;
    const line = this.#moveAnchor(row);
    const isBegun = normal.cursorX > 0 || normal.getLine(row)?.isWrapped === true;
    const mark = {line: isBegun ? line + 1 : line, time};
    while ((this.#marks.at(-1)?.line ?? Number.NEGATIVE_INFINITY) >= mark.line) this.#marks.pop();
    if (!isSameSecond(this.#marks.at(-1)?.time, time)) this.#marks.push(mark);
  }

  /** Runs what gives rows other places, and finds the lines again. */
  around(change: () => void): void {
    const {normal} = this.#term.buffer;
    const line = this.#lineOf(normal.baseY + normal.cursorY);
    change();
    this.#setAnchor(line);
  }

  /** The time of the line that begins in a row; undefined for one that goes on, or is unknown. */
  timeOf(row: number): OutputTime | undefined {
    const {active} = this.#term.buffer;
    const isShown = active.type === 'normal' && row <= active.baseY + active.cursorY;
    if (!isShown || active.getLine(row)?.isWrapped) return undefined;
    const line = this.#lineOf(row);
    return this.#marks.findLast(mark => mark.line <= line)?.time;
  }

  #moveAnchor(row: number): number {
    const line = this.#lineOf(row);
    this.#setAnchor(line);
    return line;
  }

  #setAnchor(line: number): void {
    if (this.#term.buffer.active.type === 'alternate') return;
    this.#anchor?.dispose();
    this.#anchor = this.#term.registerMarker(0);
    this.#anchorLine = line;
  }

  /** Counts from the anchor; where that has left the history, all that is left came after it, at the last time. */
  #lineOf(row: number): number {
    const from = this.#anchor?.isDisposed === false ? this.#anchor.line : -1;
    if (from < 0) {
      this.#marks = this.#marks.slice(-1).map(mark => ({...mark, line: Number.NEGATIVE_INFINITY}));
      return 0;
    }
    const begun = this.#linesBegun(Math.min(from, row), Math.max(from, row));
    return this.#anchorLine + (row < from ? -begun : begun);
  }

  /** How many lines begin in the rows after one and up to another. */
  #linesBegun(after: number, upTo: number): number {
    const {normal} = this.#term.buffer;
    let count = 0;
    for (let row = after + 1; row <= upTo; row++) if (!normal.getLine(row)?.isWrapped) count += 1;
    return count;
  }
}

function isSameSecond(one: OutputTime | undefined, other: OutputTime): boolean {
  return one?.is === other.is && Math.floor(one.ms / 1000) === Math.floor(other.ms / 1000);
}

/** A time as it stands in front of a row: ` 14:03:07 `, `<14:03:07 ` for before then, blank where there is none. */
export function timeCells(time: OutputTime | undefined): string {
  if (time === undefined) return ' '.repeat(TIME_COLUMNS);
  const date = new Date(time.ms);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0'));
  return `\x1b[2m${time.is === 'before' ? '<' : ' '}${clock.join(':')}\x1b[22m `;
}
