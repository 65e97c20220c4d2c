import {expect, test} from 'vitest';
import {definitionName, freeName, withDefinitionName} from '../../src/app/definition-name.ts';
import {completePath} from '../../src/views/complete-path.ts';
import {isContinued, originOf, readImportSource, suggestedName} from '../../src/views/import/import-source.ts';
import {sourceExcerpt} from '../../src/views/import/source-excerpt.ts';

test.each([
  ['  4711 ', {is: 'process', pid: 4711}],
  ['/srv/demo.args', {is: 'file', path: '/srv/demo.args', isCommandLine: false}],
  ['my file - 2.args', {is: 'file', path: 'my file - 2.args', isCommandLine: false}],
  ['qemu -m 64', {is: 'file', path: 'qemu -m 64', isCommandLine: true}],
  ['qemu \\\n -m 64\n', {is: 'text', text: 'qemu \\\n -m 64\n'}],
  ['  ', undefined],
])('%j is recognised', (typed, source) => expect(readImportSource(typed)).toEqual(source));

test('a line that ends in a backslash goes on', () => {
  expect([isContinued('qemu \\'), isContinued('qemu \\\n -m 1')]).toEqual([true, false]);
});

test.each([
  ['/srv/web.args', 'web'],
  ['/srv/web.2', 'web.2'],
  ['4711', 'qemu-4711'],
  ['a\nb', 'imported'],
])('a domain from %j without a name is suggested to be called %s', (typed, name) => {
  const source = readImportSource(typed);
  expect(source && suggestedName(source)).toBe(name);
});

test('a title names where an import came from', () => {
  const sources = ['12', '/a', 'a\nb'].map(readImportSource);
  expect(sources.map(source => source && originOf(source))).toEqual(['process 12', '/a', 'the command line']);
});

test('the name in a definition is replaced, and nothing else', () => {
  const xml = '<domain>\r\n  <!-- <name>no</name> -->\n  <name >a &amp; b</name>\n  <title>a</title>\n</domain>\n';
  expect(definitionName(xml)).toBe('a & b');
  const renamed = withDefinitionName(xml, 'x < "y" & z');
  expect(definitionName(renamed)).toBe('x < "y" & z');
  expect(renamed).toBe(xml.replace('a &amp; b', 'x &lt; "y" &amp; z'));
});

test.each(['<domain/>', '<domain><name/></domain>', 'no XML'])('%j has no name to replace', xml => {
  expect(withDefinitionName(xml, 'x')).toBe(xml);
});

test('the next free name is found', () => {
  const taken = ['web', 'web-2'];
  expect(freeName('web', name => taken.includes(name))).toBe('web-3');
  expect(freeName('mail', name => taken.includes(name))).toBe('mail');
});

test('the place of a problem is marked below its text', () => {
  expect(sourceExcerpt('a\nqemu -hda', {line: 2, column: 6})).toEqual(['    qemu -hda', '         ^']);
  const [text = '', mark = ''] = sourceExcerpt(`${'ä\t\x1b[31m語'.repeat(20)}-hda`, {line: 1, column: 161});
  expect(text.trimStart().startsWith('...')).toBe(true);
  expect(text).not.toContain('\x1b');
  expect(mark.trim()).toBe('^');
  expect(sourceExcerpt('qemu', {line: 0, column: 0})).toEqual([]);
  expect(sourceExcerpt('qemu', {line: 9, column: 1})).toEqual([]);
});

test('a path is completed as far as its names agree', () => {
  expect(completePath('/srv/de', ['demo.args', 'demo/', 'other'])).toEqual({
    text: '/srv/demo',
    offers: ['demo.args', 'demo/'],
  });
  expect(completePath('/srv/o', ['demo.args', 'other'])).toEqual({text: '/srv/other', offers: []});
  expect(completePath('x', [])).toEqual({text: 'x', offers: []});
});
