import {crc32, inflateSync} from 'node:zlib';
import {expect, test} from 'vitest';
import type {Picture} from '../../src/base/picture.ts';
import {encodePng} from '../../src/host/encode-png.ts';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** The chunks of a PNG, each with its checksum proven. */
function readChunks(png: Buffer): readonly Chunk[] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
}

test('a picture as PNG has the pixels that it had, in true colour', () => {
  const rgb = Uint8Array.from({length: 3 * 5 * 4}, (_, index) => (index * 37) % 256);
  const picture: Picture = {width: 5, height: 4, rgb};
  const chunks = readChunks(Buffer.from(encodePng(picture)));
  expect(chunks.map(({type}) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect(chunks[0]?.data.toString('hex')).toBe('00000005000000040802000000');
  const raw = inflateSync(chunks[1]?.data ?? Buffer.alloc(0));
  const pixels: number[] = [];
  for (let row = 0; row < 4; row++) {
    expect(raw[row * 16]).toBe(2);
    for (let x = 0; x < 15; x++) {
      const above = row === 0 ? 0 : (pixels[(row - 1) * 15 + x] ?? 0);
      pixels.push(((raw[row * 16 + 1 + x] ?? 0) + above) % 256);
    }
  }
  expect(pixels).toEqual([...rgb]);
});
