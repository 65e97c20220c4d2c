import fc from 'fast-check';
import {expect, test} from 'vitest';
import {quoteNative} from '../../src/driver/argv-parse/quote-native.ts';
import {splitNative} from '../../src/driver/argv-parse/split-native.ts';

function wordsOf(text: string): readonly string[] {
  const {command, problems} = splitNative(text);
  if (!command) throw new Error(problems[0]?.message);
  return [command.environment, command.binary, command.words].flat().map(word => word.text);
}

function problemOf(text: string): string {
  const [problem] = splitNative(text).problems;
  return `${problem?.line}:${problem?.column} ${problem?.message}`;
}

/** Words with what stands in the way of splitting. */
const awkward = fc
  .array(
    fc.constantFrom(',', ',,', '=', ' ', '"', "'", '\\', '\n', '\\\n', '\r\n', '\t', '-', 'a', 'é', '日本', '😀', ''),
    {
      maxLength: 8,
    },
  )
  .map(parts => parts.join(''));

test('reads back every word that was quoted', () => {
  fc.assert(
    fc.property(fc.array(awkward, {maxLength: 6}), words => {
      const text = ['/bin/qemu', ...words].map(quoteNative).join(' ');
      expect(wordsOf(text)).toEqual(['/bin/qemu', ...words]);
    }),
  );
});

test('reads back words on lines of their own', () => {
  fc.assert(
    fc.property(fc.array(awkward, {maxLength: 6}), words => {
      const text = `${['/bin/qemu', ...words].map(quoteNative).join(' \\\n')}\n`;
      expect(wordsOf(text)).toEqual(['/bin/qemu', ...words]);
    }),
  );
});

test.each([
  ['A=1 B= /bin/qemu -S', ['A=1', 'B=', '/bin/qemu', '-S']],
  ['/bin/qemu \\\n-m \\\r\n214', ['/bin/qemu', '-m', '214']],
  ["/bin/qemu -drive 'file=/a b,\\\nif=ide'", ['/bin/qemu', '-drive', 'file=/a b,if=ide']],
  ["/bin/qemu 'a\\;b' c\\:d", ['/bin/qemu', 'a\\;b', 'c\\:d']],
  ['/bin/qemu -append root="/a b" it\'s', ['/bin/qemu', '-append', 'root=/a b', "it's"]],
  ['/bin/qemu -device {"driver":"VGA"}', ['/bin/qemu', '-device', '{"driver":"VGA"}']],
  ['CEPH_ARGS=-m a:1,b:2 /bin/qemu', ['CEPH_ARGS=-m a:1,b:2', '/bin/qemu']],
])('splits %j', (text, words) => expect(wordsOf(text)).toEqual(words));

test.each([
  ['', '0:0 the command line names no emulator: write its path before its options'],
  ['A=1 B=2', '0:0 the command line names no emulator: write its path before its options'],
  ['A=1 -S', "1:5 expected the path of the emulator, found '-S'"],
  ["/bin/qemu \\\n-name 'web", "2:7 the quote ' that begins here has no end"],
  ['/bin/qemu -name a\u0001', '1:17 the character U+0001 cannot be in a domain XML: this is no text of a command line'],
  ["<domain type='kvm'>", "1:1 expected the path of the emulator, found '<domain'"],
])('says what is wrong in %j', (text, problem) => expect(problemOf(text)).toBe(problem));

test('lines of comments before the command are no part of it, a word in it is', () => {
  const {command, problems} = splitNative("# /sbin/ip link add x\n  # it's 'odd\n/bin/q -name \\\n '#a' #b");
  expect(problems).toEqual([]);
  expect(command?.binary).toMatchObject({text: '/bin/q', line: 3, column: 1});
  expect(command?.words.map(({text}) => text)).toEqual(['-name', '#a', '#b']);
});
