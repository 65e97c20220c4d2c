import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
  comparedLines,
  documentText,
  matchingLines,
  openDocument,
  plainLines,
  stepMatch,
  turnPage,
  xmlPages,
} from '../../src/app/document.ts';
import {clipboardSequence} from '../../src/ui/clipboard.ts';
import {displayWidth} from '../../src/ui/text-width.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {foldLine} from '../../src/views/document/fold-line.ts';
import {documentNote, documentRows} from '../../src/views/document/rows.ts';

const PLAIN = makeTheme({NO_COLOR: '1', LANG: 'C.UTF-8'});
const twenty = Array.from({length: 20}, (_, at) => `line ${at}`).join('\n');

function textDocument(text: string) {
  return openDocument('a text', [{name: 'text', lines: plainLines(text)}]);
}

test('a domain that runs has three texts, one that is off only the saved one', () => {
  expect(xmlPages({live: '<a/>', saved: '<b/>'}).map(page => page.name)).toEqual([
    'live',
    'saved',
    'from saved to live',
  ]);
  expect(xmlPages({saved: '<b/>'}).map(page => page.name)).toEqual(['saved']);
});

test('a comparison shows what differs and three lines around it', () => {
  expect(comparedLines(twenty, twenty.replace('line 9', 'line nine')).map(line => line.text)).toEqual([
    '  (6 lines without a difference)',
    '  line 6',
    '  line 7',
    '  line 8',
    '- line 9',
    '+ line nine',
    '  line 10',
    '  line 11',
    '  line 12',
    '  (7 lines without a difference)',
  ]);
  expect(comparedLines(twenty, twenty)).toEqual([{is: 'heading', text: 'There is no difference.'}]);
});

test('the search goes through the matches and around the end, in any case', () => {
  const document = {...textDocument('<Disk/>\n<cpu/>\n<disk/>'), search: 'DISK'};
  expect(matchingLines(document)).toEqual([0, 2]);
  const rowOf = (line: number) => line * 10;
  const first = stepMatch(document, 1, rowOf);
  expect(first).toMatchObject({match: 0, scroll: 0});
  const second = stepMatch(first, 1, rowOf);
  expect(second).toMatchObject({match: 2, scroll: 18});
  expect(stepMatch(second, 1, rowOf).match).toBe(0);
  expect(stepMatch(first, -1, rowOf).match).toBe(2);
  expect(stepMatch({...document, search: 'nothing'}, 1, rowOf).match).toBeUndefined();
});

test('another page begins at its top', () => {
  const document = openDocument('xml', xmlPages({live: '<a/>', saved: '<b/>'}));
  const turned = turnPage({...document, scroll: 5, match: 0});
  expect(turned).toMatchObject({page: 1, scroll: 0});
  expect(turned.match).toBeUndefined();
  expect(turnPage(turnPage(turned)).page).toBe(0);
});

test('the edge says which text this is and where the search stands', () => {
  const document = openDocument('xml', xmlPages({live: '<a/>', saved: '<b/>'}));
  expect(documentNote(document, '1-5 of 9')).toBe('[live] saved from saved to live  Tab  1-5 of 9');
  expect(documentNote({...document, search: 'a', match: 0}, '')).toContain('/a: 1 of 1 found');
});

test('matches are marked where they stand', () => {
  const theme = makeTheme({TERM: 'xterm', LANG: 'C.UTF-8'});
  const [row = ''] = documentRows({...textDocument('a disk'), search: 'Disk'}, 40, theme).rows;
  expect(row).toContain('a \x1b[7mdisk\x1b[27m');
});

test('every line knows its first row', () => {
  const {rows, starts} = documentRows(textDocument(`${'word '.repeat(20)}\nend`), 40, PLAIN);
  expect(starts).toEqual([0, rows.length - 1]);
  expect(rows.at(-1)).toBe(' end');
});

test('a line that is indented goes on further in', () => {
  expect(foldLine('      the folder belongs to somebody else', 26)).toEqual([
    '      the folder belongs',
    '        to somebody else',
  ]);
});

test('long lines are broken behind commas, and nothing of them is lost', () => {
  expect(foldLine('  -device e1000,netdev=hostnet0,id=net0,mac=52:54:00:01:c6:12 \\', 40)).toEqual([
    '  -device e1000,netdev=hostnet0,id=net0,',
    '    mac=52:54:00:01:c6:12 \\',
  ]);
  fc.assert(
    fc.property(
      fc.string({unit: 'grapheme-ascii', maxLength: 200}),
      fc.integer({min: 10, max: 60}),
      (text, columns) => {
        const rows = foldLine(text, columns);
        expect(rows.every(row => displayWidth(row) <= columns)).toBe(true);
        expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      },
    ),
  );
});

test('what is copied is what is shown, without control characters', () => {
  const text = documentText(textDocument('a\x1b]52;c;aGk=\x07b\nc\x9bm'));
  expect(text).toBe('ab\nc\n');
  expect(clipboardSequence('é\n')).toBe('\x1b]52;c;w6kK\x07');
});
