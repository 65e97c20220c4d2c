import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Column, headerRow, placeColumns, tableRow} from '../../src/ui/table.ts';
import {displayWidth, fit, truncate, wrap} from '../../src/ui/text-width.ts';
import {makeTheme} from '../../src/ui/theme.ts';

const COLUMNS: readonly Column[] = [
  {id: 'name', title: 'NAME', width: 10, grow: 1, max: 30, priority: 0},
  {id: 'state', title: 'STATE', width: 8, priority: 1},
  {id: 'memory', title: 'MEMORY', align: 'right', width: 8, priority: 2},
];
const theme = makeTheme({LANG: 'C.UTF-8', TERM: 'xterm-256color'});

test('drops the least important columns first, and lets the others grow', () => {
  expect(placeColumns(COLUMNS, 20).map(column => column.id)).toEqual(['name', 'state']);
  expect(placeColumns(COLUMNS, 40).map(column => column.columns)).toEqual([20, 8, 8]);
  expect(placeColumns(COLUMNS, 100)[0]?.columns).toBe(30);
});

test('every row is as wide as asked, whatever is in it', () => {
  const cell = fc.record({text: fc.string({unit: 'grapheme'})});
  fc.assert(
    fc.property(fc.integer({min: 12, max: 120}), fc.boolean(), cell, cell, (width, isSelected, name, memory) => {
      const columns = placeColumns(COLUMNS, width);
      const options = {width, isSelected, theme};
      expect(displayWidth(tableRow(columns, {name, memory}, options))).toBe(width);
      expect(displayWidth(headerRow(columns, width, theme))).toBe(width);
    }),
  );
});

test.each([
  ['東京都', 4, '東…'],
  ['abcdef', 4, 'abc…'],
  ['abc', 3, 'abc'],
  ['abc', 0, ''],
])('truncates %s to %i columns', (text, columns, cut) => {
  expect(truncate(text, columns)).toBe(cut);
});

test('fits to exact columns, wide characters included', () => {
  expect(fit('東京', 5)).toBe('東京 ');
  expect(fit('7', 3, 'right')).toBe('  7');
});

test('wraps between words and loses nothing but white space', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  fc.assert(
    fc.property(fc.string({unit: 'grapheme'}), fc.integer({min: 4, max: 30}), (text, columns) => {
      const lines = wrap(text, columns);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }),
  );
});
