import type {Picture} from '../base/picture.ts';

/** A rectangle of dots. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The largest size within `room` that keeps the shape of a picture.
 *
 * @param dotHeight  height of a dot of the room by its width: 1 for half a cell, 2 for a whole one
 */
export function fitSize(picture: Size, room: Size, dotHeight: number): Size {
  const scale = Math.min(room.width / picture.width, (room.height * dotHeight) / picture.height);
  return {
    width: Math.max(1, Math.min(room.width, Math.round(picture.width * scale))),
    height: Math.max(1, Math.min(room.height, Math.round((picture.height * scale) / dotHeight))),
  };
}

/**
 * Scales a picture. Each dot is the mean of the light of all pixels that it covers, not of their numbers, which are
 * roughly the root of it: the thin bright lines of a text screen stay bright.
 */
export function scalePicture(picture: Picture, {width, height}: Size): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const rows = span(y, height, picture.height);
    for (let x = 0; x < width; x++) {
      const columns = span(x, width, picture.width);
      rgb.set(meanOf(picture, columns, rows), 3 * (y * width + x));
    }
  }
  return {width, height, rgb};
}

interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The pixels that a dot covers in one direction, at least one. */
function span(at: number, dots: number, pixels: number): Span {
  const from = Math.floor((at * pixels) / dots);
  return {from, to: Math.max(from + 1, Math.floor(((at + 1) * pixels) / dots))};
}

function meanOf({width, rgb}: Picture, columns: Span, rows: Span): readonly [number, number, number] {
  let [red, green, blue] = [0, 0, 0];
  for (let y = rows.from; y < rows.to; y++) {
    for (let at = 3 * (y * width + columns.from); at < 3 * (y * width + columns.to); at += 3) {
      red += (rgb[at] ?? 0) ** 2;
      green += (rgb[at + 1] ?? 0) ** 2;
      blue += (rgb[at + 2] ?? 0) ** 2;
    }
  }
  const count = (columns.to - columns.from) * (rows.to - rows.from);
  const root = (sum: number) => Math.round(Math.sqrt(sum / count));
  return [root(red), root(green), root(blue)];
}
