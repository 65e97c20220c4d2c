import fc from 'fast-check';
import {expect, test} from 'vitest';
import {sanitiseLines, sanitiseUntrusted} from '../../src/base/sanitise.ts';

test.each([
  ['a colour', 'a\x1b[1;31mb\x1b[0m', 'ab'],
  ['a title (OSC, ended by BEL)', 'a\x1b]0;evil\x07b', 'ab'],
  ['a clipboard write (OSC, ended by ST)', 'a\x1b]52;c;ZXZpbA==\x1b\\b', 'ab'],
  ['an OSC without an end', 'a\x1b]0;rest', 'a0;rest'],
  ['8-bit CSI', 'a\x9b2Jb', 'ab'],
  ['a reset', 'a\x1bcb', 'ab'],
  ['NUL, BEL, DEL', 'a\0\x07\x7fb', 'ab'],
  ['bidi overrides', 'a\u202eb\u2066c', 'abc'],
  ['a half surrogate', 'a\ud800b', 'a\ufffdb'],
  ['line ends', 'a\r\nb\nc', 'a b c'],
  ['tabs', 'a\tb', 'a       b'],
  ['Unicode', 'späti 東京 🚀', 'späti 東京 🚀'],
])('makes %s safe', (_what, text, safe) => {
  expect(sanitiseUntrusted(text)).toBe(safe);
});

test('leaves no control character in anything', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), text => {
      expect(sanitiseUntrusted(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test('is done after one pass', () => {
  fc.assert(
    fc.property(
      fc.string({unit: fc.constantFrom('\x1b', '[', ']', '0', 'm', ';', '\x07', '\\', '\x9b', 'a', '\t')}),
      text => {
        expect(sanitiseUntrusted(sanitiseUntrusted(text))).toBe(sanitiseUntrusted(text));
      },
    ),
  );
});

test('splits lines; of a progress display the last state is left', () => {
  expect(sanitiseLines('one\r\n10%\r50%\r99%\nthree\n')).toEqual(['one', '99%', 'three']);
});
