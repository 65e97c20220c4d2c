import {crc32, deflateSync} from 'node:zlib';
import type {Picture} from '../base/picture.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Eight bits of each colour, no palette, no transparency. */
const TRUE_COLOUR = [8, 2, 0, 0, 0];
/** Each row holds differences from the row above: what a text screen or a window repeats becomes zeroes. */
const FILTER_UP = 2;

/**
 * Writes a picture as PNG.
 *
 * @param level  of deflate, from 1, fast, to 9, small
 * @see W3C, Portable Network Graphics (PNG) Specification, second edition, 5 and 9
 */
export function encodePng({width, height, rgb}: Picture, level = 6): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(TRUE_COLOUR, 8);
  const pixels = deflateSync(filterRows(rgb, 3 * width, height), {level});
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function filterRows(rgb: Uint8Array, rowBytes: number, rows: number): Uint8Array {
  const filtered = Buffer.alloc((rowBytes + 1) * rows);
  for (let row = 0; row < rows; row++) {
    const to = row * (rowBytes + 1);
    const from = row * rowBytes;
    filtered[to] = FILTER_UP;
    for (let x = 0; x < rowBytes; x++) {
      const above = row === 0 ? 0 : (rgb[from - rowBytes + x] ?? 0);
      filtered[to + 1 + x] = (rgb[from + x] ?? 0) - above;
    }
  }
  return filtered;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
