import {VirtError} from './virt-error.ts';

/** A picture of a guest's screen. Whatever the guest has shown, these are numbers, never text. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, a byte each, row by row from the top: `3 * width * height` bytes. */
  readonly rgb: Uint8Array;
}

/** Largest width or height that is taken: four times the size of the largest adapter's screen (8K). */
const MAX_SIDE = 32768;
const MAX_HEADER_BYTES = 1024;
const NEW_LINE = 0x0a;
const HASH = 0x23;

/**
 * Reads a picture as an emulator's `screendump` writes it: binary PPM with a byte for each colour.
 *
 * @throws {VirtError} OPERATION_FAILED for anything else, also for a file that is cut off
 * @see netpbm, ppm(5)
 */
export function decodePpm(bytes: Uint8Array): Picture {
  const {words, end} = readHeader(bytes);
  const [magic, width, height, depth] = words;
  if (magic !== 'P6' || depth !== '255') throw badPicture('it is no PPM picture with a byte for each colour');
  const size = {width: side(width), height: side(height)};
  const length = 3 * size.width * size.height;
  const rgb = bytes.subarray(end, end + length);
  if (rgb.length < length) throw badPicture(`it is cut off after ${rgb.length} of ${length} bytes`);
  return {...size, rgb};
}

/** The same picture as binary PPM. */
export function encodePpm({width, height, rgb}: Picture): Uint8Array {
  const header = Array.from(`P6\n${width} ${height}\n255\n`, character => character.charCodeAt(0));
  const bytes = new Uint8Array(header.length + rgb.length);
  bytes.set(header);
  bytes.set(rgb, header.length);
  return bytes;
}

/** The four words before the pixels; one byte of space ends the last. A `#` begins a comment. */
function readHeader(bytes: Uint8Array): {readonly words: readonly string[]; readonly end: number} {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < Math.min(bytes.length, MAX_HEADER_BYTES); at++) {
    const byte = bytes[at] ?? 0;
    if (byte === HASH && word === '') {
      while (at < bytes.length && bytes[at] !== NEW_LINE) at++;
    } else if (byte > 0x20) word += String.fromCharCode(byte);
    else if (word !== '') {
      words.push(word);
      word = '';
    }
    if (words.length === 4) return {words, end: at + 1};
  }
  throw badPicture('its header is not complete');
}

function side(word: string | undefined): number {
  const value = word !== undefined && /^[0-9]{1,5}$/.test(word) ? Number(word) : 0;
  if (value < 1 || value > MAX_SIDE) throw badPicture(`its size is not from 1 to ${MAX_SIDE}`);
  return value;
}

function badPicture(why: string): VirtError {
  return new VirtError('OPERATION_FAILED', 'QEMU', `cannot read the emulator's picture of the screen: ${why}`);
}
