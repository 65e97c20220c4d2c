import type {Problem} from '../../base/problem.ts';
import {capMessage} from './problem-list.ts';
import type {Place} from './xml-element.ts';

/** A text that can say on which line an offset is; the lines are found when they are first asked for. */
export class SourceText {
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The place of an offset; `\n`, `\r\n` and a lone `\r` each end a line. */
  placeOf(offset: number): Place {
    this.#lineStarts ??= findLineStarts(this.text);
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return {line: low + 1, column: offset - (starts[low] ?? 0) + 1};
  }

  /** An error at an offset. */
  errorAt(offset: number, message: string): Problem {
    return {severity: 'error', ...this.placeOf(offset), message: capMessage(message)};
  }
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  const newline = /\r\n?|\n/g;
  while (newline.test(text)) starts.push(newline.lastIndex);
  return starts;
}
