import type {Picture} from '../../base/picture.ts';

/** A picture with numbered colours. */
export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, by number. */
  readonly colours: readonly number[];
  /** The number of each pixel's colour, row by row; below 256. */
  readonly pixels: Uint8Array;
}

/** Colours are told apart by this many bits of each component where there are too many. */
const BITS = 5;
const LEVELS = 1 << BITS;

/**
 * Brings a picture down to so many colours: its own where they are few, as on a text screen, else the means of boxes of
 * the colour space, the fullest of which are cut in two at the median (Heckbert, 1982).
 *
 * @param most  up to 256
 */
export function indexPicture(picture: Picture, most: number): IndexedPicture {
  return exactColours(picture, most) ?? medianCut(picture, most);
}

function exactColours({width, height, rgb}: Picture, most: number): IndexedPicture | undefined {
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const colour = ((rgb[3 * at] ?? 0) << 16) | ((rgb[3 * at + 1] ?? 0) << 8) | (rgb[3 * at + 2] ?? 0);
    let number = numbers.get(colour);
    if (number === undefined) {
      if (numbers.size === most) return undefined;
      number = numbers.size;
      numbers.set(colour, number);
    }
    pixels[at] = number;
  }
  return {width, height, colours: [...numbers.keys()], pixels};
}

/** Pixels of nearly one colour: how many, and the sums of their components. */
interface Cell {
  readonly key: number;
  count: number;
  readonly sums: [number, number, number];
}

interface ColourBox {
  readonly cells: readonly Cell[];
  readonly count: number;
  /** The component in which it is longest, and how long it is there. */
  readonly axis: 0 | 1 | 2;
  readonly length: number;
}

function medianCut({width, height, rgb}: Picture, most: number): IndexedPicture {
  const cells = histogram(rgb);
  const boxes: ColourBox[] = [makeBox([...cells.values()])];
  while (boxes.length < most) {
    const at = fullestBox(boxes);
    const box = boxes[at];
    if (!box || box.length === 0) break;
    boxes.splice(at, 1, ...cutBox(box));
  }
  const numberOf = new Uint8Array(LEVELS ** 3);
  for (const [number, box] of boxes.entries()) for (const {key} of box.cells) numberOf[key] = number;
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) pixels[at] = numberOf[keyAt(rgb, at)] ?? 0;
  return {width, height, colours: boxes.map(meanColour), pixels};
}

function histogram(rgb: Uint8Array): ReadonlyMap<number, Cell> {
  const cells = new Map<number, Cell>();
  for (let at = 0; 3 * at < rgb.length; at++) {
    const key = keyAt(rgb, at);
    const cell = cells.get(key) ?? {key, count: 0, sums: [0, 0, 0]};
    if (cell.count === 0) cells.set(key, cell);
    cell.count += 1;
    cell.sums[0] += rgb[3 * at] ?? 0;
    cell.sums[1] += rgb[3 * at + 1] ?? 0;
    cell.sums[2] += rgb[3 * at + 2] ?? 0;
  }
  return cells;
}

function keyAt(rgb: Uint8Array, pixel: number): number {
  const level = (at: number) => (rgb[at] ?? 0) >> (8 - BITS);
  return (level(3 * pixel) << (2 * BITS)) | (level(3 * pixel + 1) << BITS) | level(3 * pixel + 2);
}

function makeBox(cells: readonly Cell[]): ColourBox {
  const lengths = ([0, 1, 2] as const).map(axis => {
    const levels = cells.map(cell => levelOf(cell, axis));
    return (
      levels.reduce((most, level) => Math.max(most, level), 0) -
      levels.reduce((least, level) => Math.min(least, level), LEVELS)
    );
  });
  const length = Math.max(...lengths);
  const axis = ([0, 1, 2] as const).find(candidate => lengths[candidate] === length) ?? 0;
  return {cells, axis, length: Math.max(0, length), count: cells.reduce((sum, cell) => sum + cell.count, 0)};
}

function levelOf({key}: Cell, axis: 0 | 1 | 2): number {
  return (key >> ((2 - axis) * BITS)) & (LEVELS - 1);
}

/** Where a cut helps most: many pixels, far apart. */
function fullestBox(boxes: readonly ColourBox[]): number {
  const weight = (box: ColourBox | undefined) => (box ? box.count * box.length : 0);
  return boxes.reduce((best, box, at) => (weight(box) > weight(boxes[best]) ? at : best), 0);
}

/** Each half has at least one cell. */
function cutBox(box: ColourBox): readonly [ColourBox, ColourBox] {
  const sorted = box.cells.toSorted((a, b) => levelOf(a, box.axis) - levelOf(b, box.axis));
  let at = 0;
  for (let passed = 0; at < sorted.length - 1 && passed < box.count / 2; at++) passed += sorted[at]?.count ?? 0;
  const cut = Math.max(1, at);
  return [makeBox(sorted.slice(0, cut)), makeBox(sorted.slice(cut))];
}

function meanColour({cells, count}: ColourBox): number {
  const mean = (axis: 0 | 1 | 2) =>
    Math.round(cells.reduce((sum, cell) => sum + cell.sums[axis], 0) / Math.max(1, count));
  return (mean(0) << 16) | (mean(1) << 8) | mean(2);
}
