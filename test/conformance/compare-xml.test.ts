import {expect, test} from 'vitest';
import {firstXmlDifference} from './compare-xml.ts';

test('white space and the order of attributes make no difference', () => {
  expect(
    firstXmlDifference("<a x='1' y='2'><b/> <c>t</c></a>", '<a y="2"  x="1">\n  <b></b><c> t </c>\n</a>'),
  ).toBeUndefined();
});

test.each([
  ["<a x='1'/>", "<a x='2'/>", "/a: expected <a x='1'>, found <a x='2'>"],
  ['<a><b/><c/></a>', '<a><c/><b/></a>', '/a/b[1]: expected <b>, found <c>'],
  ['<a><b/></a>', '<a/>', '/a: expected <b>, found the end'],
  ['<a><b>1</b></a>', '<a><b>2</b></a>', "/a/b[1]: expected the text '1', found '2'"],
  ['<a/>', '<a', 'the actual XML cannot be read: the text ends in a tag: it is cut off'],
])('%s and %s differ', (expected, actual, difference) => {
  expect(firstXmlDifference(expected, actual)).toBe(difference);
});
