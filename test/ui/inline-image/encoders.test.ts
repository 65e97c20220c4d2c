import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Picture} from '../../../src/base/picture.ts';
import {encodePng} from '../../../src/host/encode-png.ts';
import {itermImage} from '../../../src/ui/inline-image/iterm-image.ts';
import {kittyImage, kittyRemoval} from '../../../src/ui/inline-image/kitty-image.ts';
import {indexPicture} from '../../../src/ui/inline-image/palette.ts';
import {sixelImage} from '../../../src/ui/inline-image/sixel-image.ts';
import {decodePng, decodeSixel, KittyTerminal} from '../../support/image-decoders.ts';

function picture(width: number, height: number, colourAt: (x: number, y: number) => readonly number[]): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(colourAt(x, y), 3 * (y * width + x));
  return {width, height, rgb};
}

const noiseAt = (seed: number) => Math.floor(Math.abs(Math.sin(seed) * 1e6)) & 255;
const NOISE = picture(120, 77, (x, y) => [1, 2, 3].map(part => noiseAt(part * 1e4 + 120 * y + x)));
const GRADIENT = picture(300, 200, (x, y) => [Math.floor((x * 255) / 299), Math.floor((y * 255) / 199), 128]);
/** Colours whose components are whole percents, as sixels have them. */
const TEXT = picture(640, 400, (x, y) => (((x >> 3) + (y >> 4)) % 3 === 0 ? [255, 255, 255] : [0, 0, 170]));

describe('kitty', () => {
  test('a terminal of the protocol has the picture, pixel by pixel, in chunks it accepts', () => {
    const terminal = new KittyTerminal();
    const stream = kittyImage(encodePng(NOISE), {id: 7, columns: 60, rows: 19});
    expect(stream.split('\x1b_G').length).toBeGreaterThan(3);
    terminal.feed(stream);
    expect(terminal.images.get(7)).toEqual({picture: NOISE, columns: 60, rows: 19});
    terminal.feed(kittyRemoval(7));
    expect(terminal.images.size).toBe(0);
  });
});

describe('iTerm2', () => {
  test('the file is the picture, with its length and its cells', () => {
    const png = encodePng(TEXT);
    const match = /^\x1b\]1337;File=([^:]*):([A-Za-z0-9+/=]*)\x07$/.exec(itermImage(png, {columns: 80, rows: 22}));
    expect(match?.[1]?.split(';')).toEqual(
      expect.arrayContaining(['inline=1', 'width=80', 'height=22', `size=${png.length}`, 'doNotMoveCursor=1']),
    );
    expect(decodePng(Buffer.from(match?.[2] ?? '', 'base64'))).toEqual(TEXT);
  });
});

describe('sixel', () => {
  test('a text screen comes out as it was, also where its height is no whole band', () => {
    expect(decodeSixel(sixelImage(TEXT))).toEqual(
      picture(640, 400, (x, y) => (((x >> 3) + (y >> 4)) % 3 === 0 ? [255, 255, 255] : [0, 0, 171])),
    );
  });

  test.each([
    ['a gradient', GRADIENT, 12],
    ['noise', NOISE, 40],
  ])('%s in 256 colours is near to what it was', (_, original, farthest) => {
    const shown = decodeSixel(sixelImage(original));
    const squares = original.rgb.reduce((sum, value, at) => sum + (value - (shown.rgb[at] ?? 0)) ** 2, 0);
    expect(Math.sqrt(squares / original.rgb.length)).toBeLessThan(farthest);
  });

  test('any picture: every pixel is set once, from a palette that is the best for few colours', () => {
    const sides = fc.integer({min: 1, max: 40});
    const any = fc
      .tuple(sides, sides)
      .chain(([width, height]) =>
        fc
          .uint8Array({minLength: 3 * width * height, maxLength: 3 * width * height})
          .map(rgb => ({width, height, rgb})),
      );
    fc.assert(
      fc.property(any, fc.integer({min: 2, max: 256}), (it, most) => {
        const indexed = indexPicture(it, most);
        expect(indexed.colours.length).toBeLessThanOrEqual(most);
        expect(Math.max(...indexed.pixels)).toBeLessThan(indexed.colours.length);
        const drawn = decodeSixel(sixelImage(it));
        const few = indexPicture(it, 256).colours.length < 256;
        if (few) expect(drawn.rgb.every((value, at) => Math.abs(value - (it.rgb[at] ?? 0)) <= 16)).toBe(true);
      }),
      {numRuns: 100},
    );
  });
});
