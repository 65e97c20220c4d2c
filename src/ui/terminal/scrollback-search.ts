import type {IBuffer, IMarker, Terminal} from '@xterm/headless';
import {cellAt, type WrittenLine, writtenLines} from './buffer-text.ts';

/** Cells of a row that belong to a match, `to` exclusive. */
export interface RowMark {
  readonly from: number;
  readonly to: number;
  /** The match where the search stands. */
  readonly isCurrent: boolean;
}

/** What a search has found. */
export interface SearchResult {
  readonly text: string;
  /** Number of the match where the search stands, from 1 for the oldest; 0 when nothing was found. */
  readonly at: number;
  readonly count: number;
}

/** A match by the line that it is in, and its place there in UTF-16 units. */
interface Match {
  readonly row: number;
  readonly offset: number;
  readonly length: number;
}

/** Looks for a text, in any case, in everything that an emulator has kept. What it finds is marked in the rows. */
export class ScrollbackSearch {
  readonly #term: Terminal;
  #pattern: RegExp | undefined;
  #text = '';
  /** Follows its row when older ones are dropped. */
  #marker: IMarker | undefined;
  #offset = 0;
  #result: SearchResult | undefined;
  /** Of the whole history, until it changes. */
  #lines: readonly WrittenLine[] | undefined;

  /** @param term  its owner; the search ends with it */
  constructor(term: Terminal) {
    this.#term = term;
    const forget = () => {
      this.#lines = undefined;
    };
    term.onWriteParsed(forget);
    term.onResize(forget);
    term.buffer.onBufferChange(forget);
  }

  /** Undefined while nothing is looked for. The numbers are those of the last step. */
  get result(): SearchResult | undefined {
    return this.#result;
  }

  /**
   * Begins a search at the newest match that is not below `lastRow`, else at the newest; an empty text ends the search.
   *
   * @returns the row of the match; undefined where there is none
   */
  begin(text: string, lastRow: number): number | undefined {
    this.clear();
    if (text === '') return undefined;
    this.#text = text;
    this.#pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu');
    const matches = this.#matches();
    const at = matches.findLastIndex(match => match.row <= lastRow);
    return this.#stand(matches, at < 0 ? matches.length - 1 : at);
  }

  /** Goes to the next match (1) or the one before (-1), and from an end to the other. @returns its row */
  step(step: 1 | -1): number | undefined {
    if (!this.#pattern) return undefined;
    const matches = this.#matches();
    const row = this.#marker?.line ?? -1;
    const order = (match: Match) => match.row - row || match.offset - this.#offset;
    const next = step === 1 ? matches.findIndex(it => order(it) > 0) : matches.findLastIndex(it => order(it) < 0);
    if (next >= 0) return this.#stand(matches, next);
    return this.#stand(matches, step === 1 ? 0 : matches.length - 1);
  }

  clear(): void {
    this.#marker?.dispose();
    this.#marker = undefined;
    this.#pattern = undefined;
    this.#result = undefined;
    this.#lines = undefined;
  }

  /** The matches in a row, from left to right. */
  marks(row: number): readonly RowMark[] {
    if (!this.#pattern) return [];
    const {cols} = this.#term;
    const buffer = this.#term.buffer.active;
    // A match takes so many rows at most; a line may be as long as the whole history.
    const reach = Math.ceil((2 * this.#text.length) / cols);
    let begin = row;
    while (begin > row - reach && buffer.getLine(begin)?.isWrapped) begin--;
    let end = row + 1;
    while (end <= row + reach && buffer.getLine(end)?.isWrapped) end++;
    return this.#matchesIn(buffer, begin, end).flatMap(match => this.#markOf(buffer, match, row));
  }

  #markOf(buffer: IBuffer, match: Match, row: number): readonly RowMark[] {
    const from = cellAt(buffer, match.row, match.offset);
    const to = cellAt(buffer, match.row, match.offset + match.length);
    if (from.row > row || to.row < row) return [];
    const {start, column} = this.#current(buffer);
    const mark = {
      from: from.row < row ? 0 : from.column,
      to: to.row > row ? this.#term.cols : to.column,
      isCurrent: from.row === start && from.column === column,
    };
    return mark.from < mark.to ? [mark] : [];
  }

  #current(buffer: IBuffer): {readonly start: number; readonly column: number} {
    const line = this.#marker?.line ?? -1;
    if (line < 0) return {start: -1, column: -1};
    const {row, column} = cellAt(buffer, line, this.#offset);
    return {start: row, column};
  }

  #matches(): readonly Match[] {
    const buffer = this.#term.buffer.active;
    if (!this.#pattern) return [];
    this.#lines ??= writtenLines(buffer);
    return findIn(this.#lines, this.#pattern);
  }

  #matchesIn(buffer: IBuffer, from: number, to: number): readonly Match[] {
    return this.#pattern ? findIn(writtenLines(buffer, from, to), this.#pattern) : [];
  }

  /** @returns the row where the match is seen */
  #stand(matches: readonly Match[], at: number): number | undefined {
    const match = matches[at];
    this.#marker?.dispose();
    this.#marker = undefined;
    this.#result = {text: this.#text, at: at + 1, count: matches.length};
    if (!match) return undefined;
    const {baseY, cursorY} = this.#term.buffer.active;
    this.#marker = this.#term.registerMarker(match.row - baseY - cursorY);
    this.#offset = match.offset;
    return cellAt(this.#term.buffer.active, match.row, match.offset).row;
  }
}

/** One search in all lines at once is many times faster than one in each. */
function findIn(lines: readonly WrittenLine[], pattern: RegExp): readonly Match[] {
  const all = lines.map(({text}) => text).join('\n');
  const matches: Match[] = [];
  let at = 0;
  let start = 0;
  for (const {index, 0: found} of all.matchAll(pattern)) {
    for (let line = lines[at]; line && start + line.text.length < index; line = lines[at]) {
      start += line.text.length + 1;
      at += 1;
    }
    matches.push({row: lines[at]?.row ?? 0, offset: index - start, length: found.length});
  }
  return matches;
}
