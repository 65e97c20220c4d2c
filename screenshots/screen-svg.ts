import type {IBufferLine, Terminal} from '@xterm/headless';
import {BACKGROUND, type CellLook, cellLook} from './cell-look.ts';
import {rectangle, shapeGlyph} from './shape-glyph.ts';

/** Pixels of one cell, and of the letters in it. */
const CELL_WIDTH = 9;
const CELL_HEIGHT = 18;
const FONT_SIZE = 15;
export const FONT_FAMILY = 'DejaVu Sans Mono';

/** Letters of one look in one row, each with the place of its own cell. */
interface TextRun {
  readonly look: CellLook;
  text: string;
  readonly places: number[];
}

/** Draws what a terminal shows as an SVG picture. */
export function screenSvg(terminal: Terminal): string {
  const {active} = terminal.buffer;
  const [width, height] = [terminal.cols * CELL_WIDTH, terminal.rows * CELL_HEIGHT];
  const rows = Array.from({length: terminal.rows}, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return line ? rowSvg(line, row * CELL_HEIGHT, terminal) : '';
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `,
    `font-family="${FONT_FAMILY}" font-size="${FONT_SIZE}" xml:space="preserve">`,
    rectangle({x: 0, y: 0, width, height}, BACKGROUND),
    ...rows,
    '</svg>',
  ].join('');
}

/** Backgrounds first: a wide letter may reach over the next cell. */
function rowSvg(line: IBufferLine, y: number, terminal: Terminal): string {
  const scratch = terminal.buffer.active.getNullCell();
  const shapes: string[] = [];
  const runs: TextRun[] = [];
  for (let column = 0; column < terminal.cols; column++) {
    const cell = line.getCell(column, scratch);
    if (!cell || cell.getWidth() === 0) continue;
    const look = cellLook(cell);
    const box = {x: column * CELL_WIDTH, y, width: cell.getWidth() * CELL_WIDTH, height: CELL_HEIGHT};
    if (look.background !== BACKGROUND) shapes.push(rectangle(box, look.background));
    const text = cell.getChars() || ' ';
    const shape = shapeGlyph(text.codePointAt(0) ?? 0, box, look.foreground);
    if (shape !== undefined) shapes.push(shape);
    else if (text !== ' ' || look.isUnderlined) addText(runs, look, text, box.x);
  }
  return shapes.join('') + runs.map(run => runSvg(run, y)).join('');
}

function addText(runs: TextRun[], look: CellLook, text: string, x: number): void {
  const last = runs.at(-1);
  if (last?.look.foreground === look.foreground && last.look.attributes === look.attributes) {
    last.text += text;
    last.places.push(x);
  } else {
    runs.push({look, text, places: [x]});
  }
}

function runSvg({look, text, places}: TextRun, y: number): string {
  const baseline = y + CELL_HEIGHT * 0.75;
  return `<text y="${baseline}" x="${places.join(' ')}" fill="${look.foreground}"${look.attributes}>${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
