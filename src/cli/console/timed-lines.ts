import {droppedNote} from '../../base/dropped-note.ts';
import type {ConsoleChunk} from '../../model/hypervisor.ts';
import type {OutputTime} from '../../model/output-time.ts';
import {PlainLines} from './plain-lines.ts';

/** A line as plain text, with the time of its first byte. */
export interface TimedLine {
  readonly text: string;
  readonly time?: OutputTime | undefined;
}

/** Makes plain lines with times of what a console delivers. What was dropped is a line of its own. */
export class TimedLines {
  readonly #reader = new PlainLines();
  #time: OutputTime | undefined;

  /** The line that has no end yet. */
  get openLine(): TimedLine | undefined {
    return this.#reader.hasOpenLine ? {text: this.#reader.openLine, time: this.#time} : undefined;
  }

  /** @returns the lines that are complete now */
  take({bytes, time, droppedBytes = 0}: ConsoleChunk): readonly TimedLine[] {
    const openTime = this.#time;
    const lines: TimedLine[] = [];
    if (droppedBytes > 0) {
      const cut = this.openLine;
      this.#reader.end();
      lines.push(...(cut ? [cut] : []), {text: droppedNote(droppedBytes), time});
    }
    const hadOpenLine = this.#reader.hasOpenLine;
    const complete = this.#reader.take(bytes);
    lines.push(...complete.map((text, at) => ({text, time: at === 0 && hadOpenLine ? openTime : time})));
    if (complete.length > 0 || !hadOpenLine) this.#time = time;
    return lines;
  }
}

/** A line with its time in front, in the zone of this host; `before` where nobody was there to see it come. */
export function formatTimedLine({text, time}: TimedLine): string {
  if (time === undefined) return text;
  return `[${time.is === 'before' ? 'before ' : ''}${formatMoment(time.ms)}] ${text}`;
}

/** A line as JSON shows it: its text, and `at` or `before`. */
export function timedLineJson({text, time}: TimedLine): Readonly<Record<string, string>> {
  return time === undefined ? {text} : {text, [time.is]: new Date(time.ms).toISOString()};
}

/** `2026-11-25 14:03:07`, as `--since` takes it. */
function formatMoment(ms: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
