import {expect, test} from 'vitest';
import {decodePpm, encodePpm, type Picture} from '../../src/base/picture.ts';

const TWO_BY_ONE: Picture = {width: 2, height: 1, rgb: Uint8Array.from([255, 0, 0, 0x0a, 0x23, 0x20])};

test('a picture written as PPM is read as it was', () => {
  expect(decodePpm(encodePpm(TWO_BY_ONE))).toEqual(TWO_BY_ONE);
});

test('comments and spaces of any kind may stand in the header; pixels that look like them are pixels', () => {
  const bytes = Buffer.concat([Buffer.from('P6 # by hand\n# again\n2\t1\r255\n'), TWO_BY_ONE.rgb]);
  expect([...decodePpm(bytes).rgb]).toEqual([...TWO_BY_ONE.rgb]);
});

test.each([
  ['no PPM', 'P5\n2 1\n255\n123456', 'no PPM picture'],
  ['two bytes a colour', 'P6\n2 1\n65535\n123456123456', 'no PPM picture'],
  ['cut off', 'P6\n2 1\n255\n12345', 'cut off after 5 of 6 bytes'],
  ['nothing', '', 'header is not complete'],
  ['a header without an end', `P6\n2 ${' '.repeat(5000)}`, 'header is not complete'],
  ['no width', 'P6\n0 1\n255\n', 'its size is not from 1 to 32768'],
  ['a side too long', 'P6\n99999 1\n255\n', 'its size is not from 1 to 32768'],
])('%s is refused', (_, text, why) => {
  expect(() => decodePpm(Buffer.from(text))).toThrow(why);
});
