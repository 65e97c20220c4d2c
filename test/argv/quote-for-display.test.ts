import {execFileSync} from 'node:child_process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {quoteWord} from '../../src/base/quote-shell.ts';
import {bareArg, type QemuArg, textArg} from '../../src/driver/argv/qemu-arg.ts';
import {formatCommandLine, formatShellLine} from '../../src/driver/argv/quote-for-display.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';

test('leaves plain words alone and quotes the others', () => {
  expect(['a=b,c', '', 'a b', "it's", '{"a":1}'].map(quoteWord)).toEqual([
    'a=b,c',
    "''",
    "'a b'",
    "'it'\\''s'",
    `'{"a":1}'`,
  ]);
});

test('breaks long lines before an option, never between an option and its value', () => {
  const args = [
    textArg('-name', 'a'.repeat(20)),
    bareArg('-S'),
    textArg('-m', '16'),
    textArg('-append', 'b'.repeat(50)),
  ];
  expect(formatCommandLine('/usr/bin/qemu', args, 52)).toBe(
    [`/usr/bin/qemu -name ${'a'.repeat(20)} -S -m 16 \\`, `  -append ${'b'.repeat(50)}`].join('\n'),
  );
});

test('a POSIX shell reads the words back as they were', () => {
  const word = fc.string({unit: 'grapheme', minLength: 1}).filter(text => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, {maxLength: 6}), words => {
      const args = words.map((value): QemuArg => textArg('-x', value));
      const script = `set -- ${formatCommandLine('/bin/emulator', args, 40)}\nprintf '%s\\0' "$@"`;
      const read = execFileSync('/bin/sh', ['-c', script], {encoding: 'utf8'}).split('\0').slice(0, -1);
      expect(read).toEqual(['/bin/emulator', ...renderArgv(args)]);
    }),
    {numRuns: 25},
  );
});

test('a shell runs one line with the environment and the words as they were', () => {
  const word = fc.string({unit: 'grapheme', minLength: 1}).filter(text => !text.includes('\0'));
  fc.assert(
    fc.property(word, fc.array(word, {maxLength: 4}), (value, words) => {
      const script = `printf '%s\\0' "$V" "$@"`;
      const line = formatShellLine({V: value}, '/bin/sh', ['-c', script, 'sh', ...words].map(bareArg));
      const read = execFileSync('/bin/sh', ['-c', line], {encoding: 'utf8'}).split('\0').slice(0, -1);
      expect(read).toEqual([value, ...words]);
    }),
    {numRuns: 25},
  );
});
