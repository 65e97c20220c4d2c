import {describe, expect, test} from 'vitest';
import {formatNodeSet, nodeSet, parseNodeSet} from '../../../src/model/fields/node-set.ts';
import {big, bigHex, hex, integer, oneOf, onOff, type Scalar} from '../../../src/model/fields/scalar.ts';

describe('a value that is one word', () => {
  test.each<[string, Scalar<unknown>, string, string]>([
    ['a number', integer(), '0x10', '16'],
    ['a hexadecimal number', hex(4, 0xffff), '10', '0x000a'],
    ['64 bits', big, '18446744073709551615', '18446744073709551615'],
    ['64 bits in hexadecimal', bigHex, '0x100000000', '0x100000000'],
    ['a word', oneOf('a', 'b'), 'b', 'b'],
    ['a switch', onOff, 'on', 'on'],
    ['a set', nodeSet, ' 3,0-1,2,5-9,^7', '0-3,5-6,8-9'],
  ])('%s is read and printed', (_, scalar, text, printed) => {
    const value = scalar.parse(text);
    expect(value).toBeDefined();
    expect(scalar.print(value)).toBe(printed);
  });

  test.each<[string, Scalar<unknown>, string]>([
    ['a number', integer(), '1x'],
    ['a number', integer(1, 5), '6'],
    ['a hexadecimal number', hex(2, 0xff), '0x100'],
    ['64 bits', big, '18446744073709551616'],
    ['a word', oneOf('a'), 'A'],
    ['a switch', onOff, 'yes'],
    ['a set', nodeSet, '3-1'],
    ['a set', nodeSet, '^1'],
    ['a set', nodeSet, '0-99999'],
  ])('%s refuses what is none', (_, scalar, text) => {
    expect(scalar.parse(text)).toBeUndefined();
  });
});

test('a set comes back from its text', () => {
  const members = [0, 1, 2, 7, 9, 10, 16383];
  expect(parseNodeSet(formatNodeSet(members))).toEqual(members);
});
