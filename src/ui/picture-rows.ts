import type {Picture} from '../base/picture.ts';
import {fitSize, scalePicture} from './scale-picture.ts';
import {type ColourDepth, colourSgr} from './terminal/colour-depth.ts';

/** What a terminal can draw a picture with. */
export interface PictureStyle {
  readonly columns: number;
  readonly rows: number;
  /** `none` draws with shades. */
  readonly depth: ColourDepth;
  /** Without it shades of ASCII are drawn. */
  readonly isUnicode: boolean;
}

const UPPER_HALF = '\u2580';
const UNICODE_SHADES = ' \u2591\u2592\u2593\u2588';
const ASCII_SHADES = ' .:-=+*#%@';

/**
 * Draws a picture as rows of text, in the middle of the room and as large as its shape allows: two dots in a cell, each in
 * its colour, or one shade in a cell. The picture's bytes become colours and shades, never anything that a terminal obeys.
 *
 * @returns `style.rows` rows of at most `style.columns` cells, each ending with the default colours
 */
export function pictureRows(picture: Picture, style: PictureStyle): readonly string[] {
  if (style.columns < 1 || style.rows < 1) return [];
  const drawn = style.isUnicode && style.depth !== 'none' ? halfBlocks(picture, style) : shades(picture, style);
  const above = Math.floor((style.rows - drawn.rows.length) / 2);
  const left = ' '.repeat(Math.floor((style.columns - drawn.columns) / 2));
  const rows = [...Array.from({length: above}, () => ''), ...drawn.rows.map(row => left + row)];
  return [...rows, ...Array.from({length: style.rows - rows.length}, () => '')];
}

interface Drawn {
  readonly columns: number;
  readonly rows: readonly string[];
}

function halfBlocks(picture: Picture, {columns, rows, depth}: PictureStyle): Drawn {
  const dots = scalePicture(picture, fitSize(picture, {width: columns, height: 2 * rows}, 1));
  const drawn = Array.from({length: Math.ceil(dots.height / 2)}, (_, row) => halfBlockRow(dots, 2 * row, depth));
  return {columns: dots.width, rows: drawn};
}

function halfBlockRow(dots: Picture, y: number, depth: ColourDepth): string {
  let out = '';
  let pen = '';
  for (let x = 0; x < dots.width; x++) {
    const upper = colourSgr({is: 'rgb', rgb: dotAt(dots, x, y)}, 'fg', depth);
    // Below the last row of an odd number of them nothing is drawn.
    const lower = y + 1 < dots.height ? colourSgr({is: 'rgb', rgb: dotAt(dots, x, y + 1)}, 'bg', depth) : '49';
    const sgr = `${upper};${lower}`;
    out += sgr === pen ? UPPER_HALF : `\x1b[${sgr}m${UPPER_HALF}`;
    pen = sgr;
  }
  return `${out}\x1b[39;49m`;
}

/** The brightest dot has the fullest shade: in a text of one colour, letters and ground are far apart. */
function shades(picture: Picture, {columns, rows, isUnicode}: PictureStyle): Drawn {
  const signs = [...(isUnicode ? UNICODE_SHADES : ASCII_SHADES)];
  const dots = scalePicture(picture, fitSize(picture, {width: columns, height: rows}, 2));
  const light = Array.from({length: dots.width * dots.height}, (_, at) => brightness(dotAt(dots, at, 0)));
  const brightest = light.reduce((most, value) => Math.max(most, value), 1);
  const sign = (value: number) => signs[Math.round((value / brightest) * (signs.length - 1))] ?? ' ';
  const rowOf = (y: number) => light.slice(y * dots.width, (y + 1) * dots.width).map(sign);
  return {columns: dots.width, rows: Array.from({length: dots.height}, (_, y) => rowOf(y).join(''))};
}

/** The colour of a dot as 0xRRGGBB. */
function dotAt({width, rgb}: Picture, x: number, y: number): number {
  const at = 3 * (y * width + x);
  return ((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0);
}

/** From 0 to 255. Source: ITU-R BT.601, the weights of luma. */
function brightness(rgb: number): number {
  return 0.299 * ((rgb >> 16) & 0xff) + 0.587 * ((rgb >> 8) & 0xff) + 0.114 * (rgb & 0xff);
}
