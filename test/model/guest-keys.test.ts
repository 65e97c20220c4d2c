import {execFileSync, spawnSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {chordsOfText, parseKey} from '../../src/model/guest-keys.ts';

test.each([
  ['KEY_LEFTCTRL', 'ctrl'],
  ['key_delete', 'delete'],
  ['29', 'ctrl'],
  ['0x1d', 'ctrl'],
  ['1', 'esc'],
  ['KEY_1', '1'],
  ['KEY_SYSRQ', 'sysrq'],
  ['shift_r', 'shift_r'],
  ['a', 'a'],
  ['KEY_102ND', 'less'],
])('the key %s is %s to the emulator', (word, key) => {
  expect(parseKey(word, 'linux')).toBe(key);
});

test("a key of QEMU's own numbers goes as it is", () => {
  expect(parseKey('0x9d', 'qnum')).toBe(0x9d);
  expect(() => parseKey('256', 'qnum')).toThrow("invalid keycode: '256'");
  expect(() => parseKey('KEY_A', 'qnum')).toThrow('invalid keycode');
});

test.each(['KEY_LEFTCTL', 'crtl', '0', '999', 'KEY_', '', 'constructor'])('the key %j is not known', word => {
  expect(() => parseKey(word, 'linux')).toThrow(`invalid keycode: '${word}'`);
});

test('a key with a typing error is answered with the nearest', () => {
  expect(() => parseKey('KEY_LEFTCTL', 'linux')).toThrow(
    expect.objectContaining({hint: 'did you mean KEY_LEFTCTRL?', code: 'INVALID_ARG'}),
  );
});

test('a text is typed as on a keyboard with US layout', () => {
  expect(chordsOfText('aZ 9(-_\'"\\|\n\t')).toEqual([
    ['a'],
    ['shift', 'z'],
    ['spc'],
    ['9'],
    ['shift', '9'],
    ['minus'],
    ['shift', 'minus'],
    ['apostrophe'],
    ['shift', 'apostrophe'],
    ['backslash'],
    ['shift', 'backslash'],
    ['ret'],
    ['tab'],
  ]);
});

test('every character of ASCII that is printed can be typed, each by keys of its own', () => {
  const printed = Array.from({length: 95}, (_, at) => String.fromCharCode(32 + at)).join('');
  expect(new Set(chordsOfText(printed).map(chord => chord.join('+'))).size).toBe(95);
});

test.each(['ä', '\x1b', '𝕏', '\r'])('the character %j cannot be typed, and its place is said', character => {
  expect(() => chordsOfText(`ab${character}`)).toThrow('cannot type character 3 of the text');
});

const EMULATOR = 'qemu-system-x86_64';
const isHere = spawnSync(EMULATOR, ['--version'], {stdio: 'ignore'}).status === 0;

describe.skipIf(!isHere)('beside an emulator (needs qemu-system-x86_64)', () => {
  test('it knows every key that is named here', () => {
    const asked = ['qmp_capabilities', 'query-qmp-schema', 'quit'].map(execute => JSON.stringify({execute}));
    const answers = execFileSync(EMULATOR, ['-M', 'none', '-display', 'none', '-qmp', 'stdio'], {
      input: `${asked.join('\n')}\n`,
      encoding: 'utf8',
    });
    const words = Array.from({length: 256}, (_, code) => {
      try {
        return [parseKey(String(code), 'linux')];
      } catch {
        return []; // a number that no key of a guest has
      }
    }).flat();
    expect(words.length).toBeGreaterThan(130);
    expect(words.filter(word => !answers.includes(`"${word}"`))).toEqual([]);
  });
});
