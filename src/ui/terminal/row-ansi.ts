import type {IBufferCell, IBufferLine} from '@xterm/headless';
import {type CellColour, type ColourDepth, colourSgr} from './colour-depth.ts';
import {safeGlyph} from './glyph.ts';
import type {RowMark} from './scrollback-search.ts';

/** How one row of an emulator's buffer is to be drawn. */
export interface RowStyle {
  readonly columns: number;
  readonly depth: ColourDepth;
  /** Cell that is shown inverse, 0-based; undefined when the cursor is not on this row. */
  readonly cursorColumn?: number | undefined;
  /** What a search has found in it. */
  readonly marks?: readonly RowMark[];
}

/**
 * Draws one row of an emulator's buffer as text with SGR sequences, and nothing else that a terminal would obey.
 *
 * @param line  undefined for a row that does not exist, which is blank
 * @param scratch  a cell to read into, from `buffer.getNullCell()`; it is overwritten
 * @returns a text exactly `columns` cells wide that leaves no attribute on
 */
export function rowAnsi(line: IBufferLine | undefined, style: RowStyle, scratch: IBufferCell): string {
  const {columns} = style;
  let out = '';
  let pen = '';
  for (let x = 0; x < columns; ) {
    const cell = line?.getCell(x, scratch);
    const width = Math.max(1, cell?.getWidth() ?? 1);
    const mark = style.marks?.find(it => it.from <= x && x < it.to);
    const sgr = mark ? markSgr(mark, style.depth) : cellSgr(cell, style.depth, x === style.cursorColumn);
    if (sgr !== pen) {
      out += `${pen === '' ? '' : '\x1b[0m'}${sgr === '' ? '' : `\x1b[${sgr}m`}`;
      pen = sgr;
    }
    out += x + width > columns ? ' ' : cellText(cell, width);
    x += width;
  }
  return pen === '' ? out : `${out}\x1b[0m`;
}

/** A match is told from the guest's own inverse text by its colour, and without colours by its underline. */
function markSgr({isCurrent}: RowMark, depth: ColourDepth): string {
  if (depth === 'none') return isCurrent ? '1;4;7' : '4;7';
  return isCurrent ? '1;30;43' : '30;46';
}

function cellText(cell: IBufferCell | undefined, width: number): string {
  if (cell === undefined || cell.getWidth() === 0 || cell.isInvisible()) return ' '.repeat(width);
  return safeGlyph(cell.getChars(), width);
}

/** SGR parameters of a cell, empty for the default look. Blinking is left out: it would be the whole screen's. */
function cellSgr(cell: IBufferCell | undefined, depth: ColourDepth, isCursor: boolean): string {
  if (cell === undefined || cell.isAttributeDefault()) return isCursor ? '7' : '';
  const codes: (number | string)[] = [];
  if (cell.isBold()) codes.push(1);
  if (cell.isDim()) codes.push(2);
  if (cell.isItalic()) codes.push(3);
  if (cell.isUnderline()) codes.push(4);
  if (Boolean(cell.isInverse()) !== isCursor) codes.push(7);
  if (cell.isStrikethrough()) codes.push(9);
  const foreground = cellForeground(cell);
  if (foreground) codes.push(colourSgr(foreground, 'fg', depth));
  const background = cellBackground(cell);
  if (background) codes.push(colourSgr(background, 'bg', depth));
  return codes.filter(code => code !== '').join(';');
}

function cellForeground(cell: IBufferCell): CellColour | undefined {
  if (cell.isFgDefault()) return undefined;
  return cell.isFgRGB() ? {is: 'rgb', rgb: cell.getFgColor()} : {is: 'palette', index: cell.getFgColor()};
}

function cellBackground(cell: IBufferCell): CellColour | undefined {
  if (cell.isBgDefault()) return undefined;
  return cell.isBgRGB() ? {is: 'rgb', rgb: cell.getBgColor()} : {is: 'palette', index: cell.getBgColor()};
}
