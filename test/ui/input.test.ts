import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type InputMode, InputRouter} from '../../src/ui/input-router.ts';
import {decodeKey} from '../../src/ui/key-decoder.ts';
import {MAX_PASTE_BYTES} from '../../src/ui/paste-reader.ts';

/** A router that writes down what it hears; `c` begins raw mode and Ctrl-] ends it. */
function recorder() {
  const heard: string[] = [];
  let mode: InputMode = {is: 'keys'};
  const router = new InputRouter({
    mode: () => mode,
    key(name) {
      heard.push(name);
      if (name === 'c') mode = {is: 'raw', leaveByte: 0x1d};
      if (name === 'o') mode = {is: 'passive'};
      if (name === 'ctrl-]' || name === 'esc') mode = {is: 'keys'};
    },
    paste: text => heard.push(`paste ${text}`),
    raw: bytes => heard.push(`raw ${Buffer.from(bytes).toString('latin1')}`),
    passive: bytes => heard.push(`passive ${Buffer.from(bytes).toString('latin1')}`),
  });
  return {heard, router, feed: (text: string) => router.feed(Buffer.from(text))};
}

test.each([
  ['a', 'a'],
  ['ä', 'ä'],
  ['🚀', '🚀'],
  ['\r', 'enter'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\x03', 'ctrl-c'],
  ['\x1d', 'ctrl-]'],
  ['\x1b[A', 'up'],
  ['\x1bOA', 'up'],
  ['\x1b[Z', 'shift-tab'],
  ['\x1b[5~', 'pgup'],
  ['\x1b[1;5A', 'unknown'],
])('%j is the key %s, however it is cut', (text, name) => {
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < bytes.length; cut++) expect(decodeKey(bytes.subarray(0, cut), false)).toBeUndefined();
  expect(decodeKey(bytes, false)).toEqual({name, length: bytes.length});
});

test('a lone ESC is Escape only when nothing follows', () => {
  const {heard, router, feed} = recorder();
  feed('\x1b');
  expect(heard).toEqual([]);
  expect(router.isPending).toBe(true);
  router.flush();
  expect(heard).toEqual(['esc']);
});

test('typed ahead in one piece: each key goes where the one before sent it', () => {
  const {heard, feed} = recorder();
  feed('jkcls\r\x1b[A\x1dq');
  expect(heard).toEqual(['j', 'k', 'c', 'raw ls\r\x1b[A', 'ctrl-]', 'q']);
});

test('pasted text is never taken for keys, and reaches a console without its marks', () => {
  const {heard, feed} = recorder();
  feed('\x1b[200~Kyq\x1b[201~');
  feed('c\x1b[200~ls\x1b[201~');
  expect(heard).toEqual(['paste Kyq', 'c', 'raw ls']);
});

test('pasted text is one piece, however slowly and in whatever pieces it comes', () => {
  const text = 'qemu \\\n-m 64 ä \x1b[20 K';
  const bytes = Buffer.from(`\x1b[200~${text}\x1b[201~j`);
  fc.assert(
    fc.property(fc.array(fc.integer({min: 1, max: bytes.length - 1})), cuts => {
      const {heard, router} = recorder();
      const at = [0, ...new Set(cuts), bytes.length].sort((a, b) => a - b);
      for (let part = 1; part < at.length; part++) router.feed(bytes.subarray(at[part - 1], at[part]));
      expect(heard).toEqual([`paste ${text}`, 'j']);
      expect(router.isPasting).toBe(false);
    }),
  );
});

test('pasted text whose end never comes is given up, and 10 MB of it is cut', () => {
  const {heard, router, feed} = recorder();
  feed('\x1b[200~abc');
  expect([router.isPending, router.isPasting]).toEqual([true, true]);
  router.flush();
  expect(heard).toEqual(['paste abc']);
  feed('\x1b[200~');
  const piece = 'x'.repeat(4096);
  for (let size = 0; size < 10 * 1024 * 1024; size += piece.length) feed(piece);
  feed('\x1b[201~j');
  expect(heard[1]?.length).toBe(MAX_PASTE_BYTES + 'paste '.length);
  expect(heard[2]).toBe('j');
});

test('an open menu reads for itself, but for Escape and Ctrl-C', () => {
  const {heard, feed, router} = recorder();
  feed('oj\x1b[B\r');
  feed('\x1b');
  router.flush();
  expect(heard).toEqual(['o', 'passive j', 'passive \x1b[B', 'passive \r', 'esc']);
});

test('raw mode passes every byte, whole', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const safe = bytes.filter(byte => byte !== 0x1d && byte !== 0x1b);
      const {heard, router} = recorder();
      router.feed(Buffer.from('c'));
      for (const byte of safe) router.feed(Uint8Array.of(byte));
      expect(
        heard
          .slice(1)
          .map(text => text.slice(4))
          .join(''),
      ).toBe(Buffer.from(safe).toString('latin1'));
    }),
  );
});

test('any bytes end in keys, none is stuck', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const {router} = recorder();
      router.feed(bytes);
      router.flush();
      expect(router.isPending).toBe(false);
    }),
  );
});
