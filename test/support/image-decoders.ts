import {crc32, inflateSync} from 'node:zlib';
import type {Picture} from '../../src/base/picture.ts';

/** Reads a PNG of eight bits of true colour, as its specification has it (sections 5, 9 and 10): every filter, every checksum. */
export function decodePng(bytes: Buffer): Picture {
  if (bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG');
  const data: Buffer[] = [];
  let size = {width: 0, height: 0};
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length))
      throw new Error(`${type}: wrong checksum`);
    if (type === 'IHDR') {
      size = {width: body.readUInt32BE(0), height: body.readUInt32BE(4)};
      if (body.toString('hex', 8) !== '0802000000') throw new Error('not 8 bits of true colour');
    }
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
  }
  return {...size, rgb: unfilter(inflateSync(Buffer.concat(data)), 3 * size.width, size.height)};
}

function unfilter(raw: Buffer, stride: number, height: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const left = x < 3 ? 0 : (out[y * stride + x - 3] ?? 0);
      const up = y === 0 ? 0 : (out[(y - 1) * stride + x] ?? 0);
      const corner = x < 3 || y === 0 ? 0 : (out[(y - 1) * stride + x - 3] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      if (guess === undefined) throw new Error(`filter ${filter}`);
      out[y * stride + x] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** An image that a terminal of kitty's protocol has. */
export interface KittyImage {
  readonly picture: Picture;
  readonly columns: number;
  readonly rows: number;
}

/** A terminal's half of kitty's graphics protocol: what is on its screen after some output, by id. It refuses what it does not know. */
export class KittyTerminal {
  readonly images = new Map<number, KittyImage>();
  /** Questions, in order. */
  readonly questions: number[] = [];
  #open: {readonly keys: ReadonlyMap<string, string>; data: string} | undefined;

  feed(output: string): void {
    for (const [, control = '', payload = ''] of output.matchAll(/\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\/g)) {
      const keys = new Map(control.split(',').map(pair => [pair.slice(0, 1), pair.slice(2)]));
      if (keys.get('a') === 'd') this.#delete(keys);
      else if (keys.get('a') === 'q') this.questions.push(Number(keys.get('i')));
      else this.#transmit(keys, payload);
    }
  }

  #delete(keys: ReadonlyMap<string, string>): void {
    if (keys.get('d') !== 'I') throw new Error('only images are deleted, with their data');
    if (!this.images.delete(Number(keys.get('i')))) throw new Error(`there is no image ${keys.get('i')}`);
  }

  #transmit(keys: ReadonlyMap<string, string>, payload: string): void {
    if (payload.length > 4096) throw new Error(`a chunk of ${payload.length}`);
    if (keys.get('m') === '1' && payload.length % 4 !== 0) throw new Error('a chunk that is no whole base64');
    if (keys.get('q') !== '2') throw new Error('an answer would be sent for every chunk');
    this.#open ??= {keys, data: ''};
    this.#open.data += payload;
    if (keys.get('m') === '1') return;
    const {keys: first, data} = this.#open;
    this.#open = undefined;
    if (first.get('a') !== 'T' || first.get('f') !== '100' || first.get('C') !== '1') throw new Error('no such image');
    const picture = decodePng(Buffer.from(data, 'base64'));
    this.images.set(Number(first.get('i')), {
      picture,
      columns: Number(first.get('c')),
      rows: Number(first.get('r')),
    });
  }
}

/**
 * Reads sixels as the VT330/VT340 Programmer Reference Manual (volume 2, chapter 14) describes them, with RGB colours only.
 * Pixels that nothing sets are magenta.
 */
export function decodeSixel(sequence: string): Picture {
  const match = /^\x1bP[0-9;]*q"1;1;([0-9]+);([0-9]+)(.*)\x1b\\$/s.exec(sequence);
  if (!match) throw new Error('no sixels with raster attributes');
  const [width, height, body] = [Number(match[1]), Number(match[2]), match[3] ?? ''];
  const rgb = Uint8Array.from({length: 3 * width * height}, (_, at) => (at % 3 === 1 ? 0 : 255));
  const colours = new Map<number, readonly number[]>();
  let [x, top, pen] = [0, 0, 0];
  const token = /#([0-9]+);2;([0-9]+);([0-9]+);([0-9]+)|#([0-9]+)|!([0-9]+)([?-~])|([?-~])|(\$)|(-)/y;
  while (token.lastIndex < body.length) {
    const found = token.exec(body);
    if (!found) throw new Error('a sign that is none');
    const [, defined, r, g, b, chosen, count, repeated, single, back, next] = found;
    if (defined !== undefined)
      colours.set(
        Number(defined),
        [r, g, b].map(part => Math.round((Number(part) * 255) / 100)),
      );
    else if (chosen !== undefined) pen = Number(chosen);
    else if (back !== undefined) x = 0;
    else if (next !== undefined) [x, top] = [0, top + 6];
    else {
      const bits = (repeated ?? single ?? '?').charCodeAt(0) - 0x3f;
      const colour = colours.get(pen);
      if (!colour) throw new Error(`colour ${pen} is not defined`);
      for (const end = x + Number(count ?? 1); x < end; x++) {
        for (let row = 0; row < 6; row++) {
          if (!(bits & (1 << row))) continue;
          if (x >= width || top + row >= height) throw new Error('a pixel outside');
          rgb.set(colour, 3 * ((top + row) * width + x));
        }
      }
    }
  }
  return {width, height, rgb};
}
