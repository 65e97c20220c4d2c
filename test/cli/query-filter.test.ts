import {expect, test} from 'vitest';
import {QueryFilter} from '../../src/cli/console/query-filter.ts';

/** What is shown of a text, given to the filter in pieces of so many bytes. */
function shown(text: string, pieceBytes = 1024): string {
  const filter = new QueryFilter();
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(filter.push(bytes.subarray(at, at + pieceBytes)));
  return Buffer.concat([...pieces, filter.flush()]).toString('latin1');
}

const QUERIES = [
  ['device attributes', '\x1b[c\x1b[0c\x1b[>c\x1b[=c\x1bZ'],
  ['status and cursor', '\x1b[5n\x1b[6n\x1b[?6n'],
  ['modes', '\x1b[?2026$p\x1b[4$p'],
  ['window size and title', '\x1b[14t\x1b[18t\x1b[21t'],
  ['terminal parameters and version', '\x1b[x\x1b[>q\x1b[>0q\x1b[?u'],
  ['colours and selection', '\x1b]11;?\x07\x1b]4;1;?\x1b\\\x1b]52;c;?\x07'],
  ['settings and terminfo', '\x1bP$qm\x1b\\\x1bP+q544e\x1b\\'],
  ['the answerback', '\x05'],
] as const;

test.each(QUERIES)('takes out questions for %s', (_, query) => {
  expect(shown(`a${query}b`)).toBe('ab');
  expect(shown(`a${query}b`, 1)).toBe('ab');
});

const KEPT = [
  ['colours and cursor', '\x1b[1;31mred\x1b[0m\x1b[2J\x1b[H\x1b[10;20r'],
  ['titles', '\x1b]0;login\x07\x1b]2;shell\x1b\\'],
  ['what a firmware sends', '\x1bc\x1b[?7l\x1b(B\x1b7\x1b8'],
  ['window commands without an answer', '\x1b[22;0t\x1b[8;24;80t'],
  ['text with other bytes', 'gr\xfcn\x00\x7f\r\n'],
  ['an unfinished sequence', 'end\x1b[3'],
] as const;

test.each(KEPT)('keeps %s', (_, text) => {
  expect(shown(text)).toBe(text);
  expect(shown(text, 1)).toBe(text);
});

test('holds back no more than a sequence can have', () => {
  const endless = `\x1b]0;${'x'.repeat(10_000)}`;
  expect(shown(endless)).toBe(endless);
});
