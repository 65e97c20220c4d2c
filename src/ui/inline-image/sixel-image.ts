import type {Picture} from '../../base/picture.ts';
import {type IndexedPicture, indexPicture} from './palette.ts';

/** What every terminal with sixels has today; a VT340 had 16. Source: xterm 397, ctlseqs, numColorRegisters. */
const COLOURS = 256;
const BAND_ROWS = 6;
const FIRST_SIGN = 0x3f;
/** A repetition of fewer is no shorter than the signs themselves. */
const SHORTEST_RUN = 4;

/**
 * Draws a picture at the cursor in sixels, pixel by pixel. Below its last row, up to a whole band of six, nothing is drawn.
 *
 * @see DEC, VT330/VT340 Programmer Reference Manual, volume 2, chapter 14, "Graphics Programming"
 */
export function sixelImage(picture: Picture): string {
  const indexed = indexPicture(picture, COLOURS);
  const palette = indexed.colours.map((colour, number) => `#${number};2;${percents(colour).join(';')}`).join('');
  const bands: string[] = [];
  for (let top = 0; top < indexed.height; top += BAND_ROWS) bands.push(band(indexed, top));
  // P2=1: pixels that no sign sets stay as they are.
  return `\x1bP0;1;0q"1;1;${indexed.width};${indexed.height}${palette}${bands.join('-')}\x1b\\`;
}

function percents(colour: number): readonly number[] {
  return [16, 8, 0].map(shift => Math.round((((colour >> shift) & 0xff) * 100) / 255));
}

/** Six rows: one line of signs for each colour in them, one over the other. */
function band({width, height, pixels}: IndexedPicture, top: number): string {
  const signs = new Map<number, Uint8Array>();
  for (let row = 0; row < Math.min(BAND_ROWS, height - top); row++) {
    for (let x = 0; x < width; x++) {
      const colour = pixels[(top + row) * width + x] ?? 0;
      const line = signs.get(colour) ?? new Uint8Array(width);
      if (!signs.has(colour)) signs.set(colour, line);
      line[x] = (line[x] ?? 0) | (1 << row);
    }
  }
  return [...signs].map(([colour, line]) => `#${colour}${runs(line)}`).join('$');
}

/** Signs with repetitions counted; what is blank at the end is left out. */
function runs(line: Uint8Array): string {
  let out = '';
  for (let from = 0, to = 0; from < line.length; from = to) {
    const sign = line[from] ?? 0;
    while (to < line.length && line[to] === sign) to++;
    if (sign === 0 && to === line.length) break;
    const character = String.fromCharCode(FIRST_SIGN + sign);
    out += to - from < SHORTEST_RUN ? character.repeat(to - from) : `!${to - from}${character}`;
  }
  return out;
}
