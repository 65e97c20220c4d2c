import type {IBuffer} from '@xterm/headless';

/** A line as the guest wrote it: it may take several rows. */
export interface WrittenLine {
  /** Row of the buffer where it begins. */
  readonly row: number;
  /** Blank to the right of the last row is left out. */
  readonly text: string;
}

/** The lines in rows `from` (inclusive) to `to` (exclusive); one that begins before `from` is given from there on. */
export function writtenLines(buffer: IBuffer, from = 0, to = buffer.length): readonly WrittenLine[] {
  const lines: WrittenLine[] = [];
  let begin = from;
  let text = '';
  for (let row = from; row < to; row++) {
    const isContinued = row + 1 < to && buffer.getLine(row + 1)?.isWrapped === true;
    text += buffer.getLine(row)?.translateToString(!isContinued) ?? '';
    if (isContinued) continue;
    lines.push({row: begin, text});
    begin = row + 1;
    text = '';
  }
  return lines;
}

/** A cell of the buffer. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** Where the character at `offset` of the line that begins in `row` is; wide characters and accents are counted in. */
export function cellAt(buffer: IBuffer, row: number, offset: number): CellPlace {
  const scratch = buffer.getNullCell();
  let left = offset;
  for (let y = row; y < buffer.length; y++) {
    const line = buffer.getLine(y);
    for (let x = 0; x < (line?.length ?? 0); x++) {
      const cell = line?.getCell(x, scratch);
      if (cell === undefined || cell.getWidth() === 0) continue;
      if (left <= 0) return {row: y, column: x};
      left -= Math.max(1, cell.getChars().length);
    }
  }
  return {row: buffer.length, column: 0};
}
