import fc from 'fast-check';
import {expect, test} from 'vitest';
import {bareArg, jsonArg, optionsArg, textArg} from '../../src/driver/argv/qemu-arg.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';

test('writes a bare flag as one word and a text as it stands', () => {
  expect(renderArgv([bareArg('-S'), textArg('-append', 'a,b "c" -S')])).toEqual(['-S', '-append', 'a,b "c" -S']);
});

test('doubles commas in values, writes booleans as on and off, leaves undefined out', () => {
  const arg = optionsArg('-chardev', {path: '/a,b', wait: false, server: true, to: undefined, index: 2});
  expect(renderArgv([arg])).toEqual(['-chardev', 'path=/a,,b,wait=off,server=on,index=2']);
});

test('writes the implied word without its key only where QEMU takes it for one word', () => {
  const implied = (value: string) => renderArgv([optionsArg('-x', {a: 1}, {key: 'type', value})])[1];
  expect(implied('pc')).toBe('pc,a=1');
  expect(implied('p=c')).toBe('type=p=c,a=1');
  expect(implied('p,c')).toBe('type=p,,c,a=1');
  expect(implied('')).toBe('type=,a=1');
});

test('writes JSON without what is undefined', () => {
  expect(renderArgv([jsonArg('-blockdev', {filename: '/a,"b', cache: undefined})])).toEqual([
    '-blockdev',
    '{"filename":"/a,\\"b"}',
  ]);
});

test('QEMU reads back every key and value, whatever characters are in them', () => {
  const values = fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,8}$/), fc.string({unit: 'grapheme'}), {minKeys: 1});
  const implied = fc.record({key: fc.constant('IMPLIED'), value: fc.string({unit: 'grapheme'})});
  fc.assert(
    fc.property(values, implied, (options, first) => {
      const [, text = ''] = renderArgv([optionsArg('-x', options, first)]);
      expect(readOptions(text, first.key)).toEqual([[first.key, first.value], ...Object.entries(options)]);
    }),
    {numRuns: 300},
  );
});

/** As QEMU 7.2 does, util/qemu-option.c: a single comma ends a value, a first word without `=` is the implied key's. */
function readOptions(text: string, impliedKey: string): readonly (readonly [string, string])[] {
  return (
    text.match(/(?:[^,]|,,)+/g)?.map((word, index) => {
      const equals = word.indexOf('=');
      const value = word.slice(equals + 1).replaceAll(',,', ',');
      return index === 0 && equals < 0 ? [impliedKey, value] : [word.slice(0, equals), value];
    }) ?? []
  );
}
