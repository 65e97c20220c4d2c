import {expect, test} from 'vitest';
import type {Picture} from '../../src/base/picture.ts';
import {pictureRows} from '../../src/ui/picture-rows.ts';
import {fitSize, scalePicture} from '../../src/ui/scale-picture.ts';
import {displayWidth} from '../../src/ui/text-width.ts';

/** A picture of one colour for each pixel given, as 0xRRGGBB, in rows of `width`. */
function picture(width: number, ...pixels: readonly number[]): Picture {
  const rgb = Uint8Array.from(pixels.flatMap(pixel => [(pixel >> 16) & 255, (pixel >> 8) & 255, pixel & 255]));
  return {width, height: pixels.length / width, rgb};
}

const RED = 0xff0000;
const BLUE = 0x0000ff;
const WHITE = 0xffffff;
const style = {columns: 1, rows: 1, depth: 'rgb', isUnicode: true} as const;

test.each([
  // A text screen in 118 columns and 36 rows of half cells, and in 78 by 21.
  [{width: 720, height: 400}, {width: 118, height: 72}, 1, {width: 118, height: 66}],
  [{width: 640, height: 480}, {width: 80, height: 42}, 1, {width: 56, height: 42}],
  // The same in shades: a cell is twice as high as wide.
  [{width: 640, height: 480}, {width: 80, height: 21}, 2, {width: 56, height: 21}],
  [{width: 5000, height: 1}, {width: 80, height: 21}, 1, {width: 80, height: 1}],
  [{width: 1, height: 5000}, {width: 80, height: 21}, 1, {width: 1, height: 21}],
])('%j fits into %j with dots of height %d as %j', (size, room, dotHeight, fitted) => {
  expect(fitSize(size, room, dotHeight)).toEqual(fitted);
});

test('a dot has the mean light of all its pixels: a thin bright line stays bright', () => {
  const line = picture(4, WHITE, 0, 0, 0);
  expect([...scalePicture(line, {width: 1, height: 1}).rgb]).toEqual([128, 128, 128]);
  expect([...scalePicture(line, {width: 2, height: 1}).rgb]).toEqual([180, 180, 180, 0, 0, 0]);
});

test('a small picture is drawn larger, pixel by pixel', () => {
  expect(scalePicture(picture(1, RED, BLUE), {width: 2, height: 4})).toEqual(
    picture(2, RED, RED, RED, RED, BLUE, BLUE, BLUE, BLUE),
  );
});

test.each([
  ['rgb', '\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[39;49m'],
  ['256', '\x1b[38;5;196;48;5;21m▀\x1b[39;49m'],
  ['16', '\x1b[91;44m▀\x1b[39;49m'],
] as const)('with %s colours a cell has one above the other', (depth, row) => {
  expect(pictureRows(picture(1, RED, BLUE), {...style, depth})).toEqual([row]);
});

test('a colour is said once for all cells that have it', () => {
  const [row] = pictureRows(picture(3, RED, RED, RED, BLUE, BLUE, BLUE), {...style, columns: 3});
  expect(row).toBe('\x1b[38;2;255;0;0;48;2;0;0;255m▀▀▀\x1b[39;49m');
});

test('below a picture with an odd number of rows nothing is coloured', () => {
  const rows = pictureRows(picture(1, RED, RED, RED), {...style, rows: 2, columns: 1});
  expect(rows[1]).toBe('\x1b[38;2;255;0;0;49m▀\x1b[39;49m');
});

test.each([
  [true, ' ░▒▓█'],
  [false, ' :+#@'],
])('without colours the light is drawn in shades, the brightest fullest (UTF-8: %s)', (isUnicode, shades) => {
  const greys = picture(5, 0, 0x202020, 0x404040, 0x606060, 0x808080);
  const [row] = pictureRows(greys, {columns: 5, rows: 1, depth: 'none', isUnicode});
  expect(row).toBe(shades);
});

test('without UTF-8 there is nothing but ASCII, also where colours are', () => {
  const rows = pictureRows(picture(2, WHITE, 0, RED, BLUE), {columns: 20, rows: 9, depth: '256', isUnicode: false});
  expect(rows.join('')).toMatch(/^[ -~]+$/);
});

test('it stands in the middle, in as many rows as there are, none too wide', () => {
  const rows = pictureRows(picture(1, WHITE), {columns: 10, rows: 3, depth: 'none', isUnicode: true});
  expect(rows).toEqual(['  ██████', '  ██████', '  ██████']);
  const flat = pictureRows(picture(8, ...Array.from({length: 8}, () => WHITE)), {...style, columns: 8, rows: 5});
  expect(flat.map(displayWidth)).toEqual([0, 0, 8, 0, 0]);
  expect(pictureRows(picture(1, WHITE), {...style, columns: 0})).toEqual([]);
});

test('a picture that spells escape sequences becomes colours only', () => {
  const evil = Buffer.from('\x1b]0;owned\x07\x1b[2J');
  const pixels = Math.floor(evil.length / 3);
  const rows = pictureRows({width: pixels, height: 1, rgb: evil}, {...style, columns: pixels, rows: 1});
  expect(rows.join('').replaceAll(/\x1b\[[0-9;]*m/g, '')).toBe('▀'.repeat(pixels));
});
