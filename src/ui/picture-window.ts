import {type DisplayZoom, ZOOM_STEPS} from '../app/display.ts';
import type {Picture} from '../base/picture.ts';

/**
 * Cuts the part out of a picture that a zoom shows.
 *
 * @param room  in half cells, which are as wide as high
 */
export function pictureWindow(
  picture: Picture,
  zoom: DisplayZoom,
  room: {readonly columns: number; readonly halfRows: number},
): Picture {
  const width = Math.max(1, Math.min(picture.width, room.columns * zoom.pixels));
  const height = Math.max(1, Math.min(picture.height, room.halfRows * zoom.pixels));
  const left = Math.round(((picture.width - width) * zoom.across) / ZOOM_STEPS);
  const top = Math.round(((picture.height - height) * zoom.down) / ZOOM_STEPS);
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * picture.width + left);
    rgb.set(picture.rgb.subarray(from, from + 3 * width), 3 * y * width);
  }
  return {width, height, rgb};
}
