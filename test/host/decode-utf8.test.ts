import {expect, test} from 'vitest';
import {decodeUtf8} from '../../src/host/decode-utf8.ts';

const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

test('a text is itself, without a byte order mark', () => {
  expect(decodeUtf8(bytes('é日😀\n'))).toEqual({text: 'é日😀\n'});
  expect(decodeUtf8(bytes(0xef, 0xbb, 0xbf, 'a'))).toEqual({text: 'a'});
  expect(decodeUtf8(bytes())).toEqual({text: ''});
});

test.each([
  [bytes('a\né', 0xff, 'b'), {line: 2, column: 3, byte: 0xff}],
  [bytes(0x80), {line: 1, column: 1, byte: 0x80}],
  [bytes('ab', 0xc3), {line: 1, column: 3, byte: 0xc3}],
  [bytes('ab', 0xe2, 0x82), {line: 1, column: 3, byte: 0xe2}],
  [bytes('caf', 0xe9, '<b>'), {line: 1, column: 4, byte: 0xe9}],
  [bytes('ab', 0xf0, 0x9f, 'c'), {line: 1, column: 3, byte: 0xf0}],
])('the first byte that fits nothing is told: %#', (given, place) => expect(decodeUtf8(given)).toEqual(place));
