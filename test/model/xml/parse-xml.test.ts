import {describe, expect, test} from 'vitest';
import {formatProblem} from '../../../src/base/problem.ts';
import {MAX_XML_CHARACTERS, parseXml} from '../../../src/model/xml/parse-xml.ts';
import type {XmlElement} from '../../../src/model/xml/xml-element.ts';

function rootOf(text: string): XmlElement {
  const {root, problems} = parseXml(text);
  if (!root) throw new Error(problems.map(formatProblem).join('\n'));
  return root;
}

function problemsOf(text: string): readonly string[] {
  const {root, problems} = parseXml(text);
  expect(root).toBeUndefined();
  return problems.map(formatProblem);
}

describe('a good text', () => {
  test('gives names, attributes, children and trimmed text', () => {
    const root = rootOf(`<?xml version='1.0'?>\n<!-- hi --><a x="1" y='two'>\n <b> text </b><c/></a>\n`);
    expect(root.name).toBe('a');
    expect([...root.attributes]).toEqual([
      ['x', '1'],
      ['y', 'two'],
    ]);
    expect(root.children.map(child => child.name)).toEqual(['b', 'c']);
    expect(root.children[0]?.text).toBe('text');
    expect(root.children[0]?.rawText).toBe(' text ');
  });

  test('replaces the five entities and numeric references, in text and attributes', () => {
    const root = rootOf('<a x="&lt;&#10;&#x1F600;&quot;">&amp;amp;&apos;&gt;&#233;</a>');
    expect(root.attributes.get('x')).toBe('<\n😀"');
    expect(root.text).toBe("&amp;'>é");
  });

  test('takes CDATA as text and leaves it as it is', () => {
    expect(rootOf('<a>1 <![CDATA[<b>&amp;</b>]]> 2</a>').text).toBe('1 <b>&amp;</b> 2');
  });

  test('leaves out comments and processing instructions', () => {
    expect(rootOf('<a>1<!-- <b> & -->2<?pi x="1"?>3</a>').text).toBe('123');
  });

  test('reads white space in an attribute as spaces', () => {
    expect(rootOf('<a x="1\n2\t3\r\n4"/>').attributes.get('x')).toBe('1 2 3 4');
  });

  test('keeps values as they are written', () => {
    const root = rootOf("<a x='007' y='1e3' z=' true '>0x10</a>");
    expect([...root.attributes.values()]).toEqual(['007', '1e3', ' true ']);
    expect(root.text).toBe('0x10');
  });

  test('reads names that mean something to JavaScript', () => {
    const root = rootOf("<toString hasOwnProperty='1' constructor='2'><valueOf/></toString>");
    expect(root.name).toBe('toString');
    expect([...root.attributes.keys()]).toEqual(['hasOwnProperty', 'constructor']);
    expect(root.children[0]?.name).toBe('valueOf');
  });

  test('skips a byte order mark', () => {
    expect(rootOf('\ufeff<a/>').column).toBe(1);
  });
});

describe('places', () => {
  test.each([
    ['Unix', '\n'],
    ['Windows', '\r\n'],
    ['old Macintosh', '\r'],
  ])('count lines with %s line ends, and a tab as one column', (_, newline) => {
    const root = rootOf(['<a>', '\t<b>', '', '    <c x="1"', '       why="2"/></b>', '</a>'].join(newline));
    const b = root.children[0];
    const c = b?.children[0];
    expect([b?.line, b?.column]).toEqual([2, 2]);
    expect([c?.line, c?.column]).toEqual([4, 5]);
    expect(c?.attributePlace('why')).toEqual({line: 5, column: 8});
    expect(c?.attributePlace('missing')).toEqual({line: 4, column: 5});
  });

  test('of an attribute are not confused by the values of others', () => {
    const root = rootOf(`<a one="two='x'" two='1'/>`);
    expect(root.attributePlace('two')).toEqual({line: 1, column: 18});
  });
});

describe('a bad text is refused with the place:', () => {
  test.each([
    ['', 'line 1, column 1: there is no element in the text'],
    ['hello', "line 1, column 1: this is no XML: it begins with 'hello'"],
    ['<a/>\n  x', 'line 2, column 3: there is text outside the root element'],
    ['<a/>\n<b/>', 'line 2, column 1: there is a second root element <b>'],
    ['<a><![CDATA[x]]></a><![CDATA[y]]>', 'line 1, column 21: there is text outside the root element'],
    ['<a>\n <b>\n</a>', 'line 3, column 1: expected </b> (opened on line 2), found </a>'],
    ['<a></a></b>', 'line 1, column 8: </b> closes nothing'],
    ['<a>\n <b/>\n', 'line 3, column 1: the text ends here, inside <a> of line 1: it is cut off'],
    ['<a>\n <b', 'line 2, column 2: the text ends in a tag, inside <a> of line 1: it is cut off'],
    ['<a>\n</a', 'line 2, column 1: the text ends in an end tag, inside <a> of line 1: it is cut off'],
    ['<a><!-- x', "line 1, column 4: the comment is never closed: '-->' is missing"],
    ['<a><![CDATA[ x', "line 1, column 4: the CDATA section is never closed: ']]>' is missing"],
    ['<a/><?xml version="1.0"?>', 'line 1, column 5: the XML declaration is allowed only at the very beginning'],
    ['<a x="1></a>', 'line 1, column 6: the quoted value is never closed'],
    ['<a x="<"/>', "line 1, column 7: '<' inside a quoted value: write &lt;"],
    ['<a <b/></a>', "line 1, column 1: the tag is not closed: '>' is missing before the next '<'"],
    ['<a>1 < 2 ></a>', "line 1, column 6: '<' does not begin a tag here: write &lt; for the character '<'"],
    ['<a x=1/>', "line 1, column 4: the attribute 'x' has no value in quotes"],
    ['<a x/>', "line 1, column 4: the attribute 'x' has no value in quotes"],
    [`<a x='1'y='2'/>`, "line 1, column 9: a space is missing before the attribute 'y'"],
    [`<a x='1'\n x='2'/>`, "line 2, column 2: the attribute 'x' is given twice"],
    [`<a =''/>`, "line 1, column 4: '=' is not expected in the tag <a>"],
    ['<a>\u0000</a>', 'line 1, column 4: the character U+0000 is not allowed in XML'],
    ['<a>\u001b[2J</a>', 'line 1, column 4: the character U+001B is not allowed in XML'],
    [
      '<a>&nbsp;</a>',
      "line 1, column 4: unknown entity '&nbsp;': only &amp; &lt; &gt; &quot; &apos; and numbers (&#10;) are read",
    ],
    ['<a>1 & 2</a>', "line 1, column 6: '&' is not a reference: write &amp; for the character '&'"],
    ['<a>&#0;</a>', "line 1, column 4: '&#0;' is not a character that XML allows"],
    ['<a x="&#xD800;"/>', "line 1, column 7: '&#xD800;' is not a character that XML allows"],
    ['\n\n  {"domain":\n 1}', `line 3, column 3: this is no XML: it begins with '{"domain": 1}'`],
    ['\u007fELF\u0002\u0001', 'line 1, column 1: this is no XML: it begins with bytes that are no text'],
    ['<a/>\nb', 'line 2, column 1: there is text outside the root element'],
    ['<__proto__/>', "line 1, column 1: '__proto__' is not accepted as the name of an element"],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('several bad references are all told', () => {
    expect(problemsOf('<a x="&one;">&two;</a>')).toHaveLength(2);
  });

  test('entities in comments and CDATA are no problem', () => {
    expect(rootOf('<a><!-- &x; --><![CDATA[&y;]]></a>').text).toBe('&y;');
  });
});

describe('an attack', () => {
  test('with a DOCTYPE is refused and says why', () => {
    const text = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><a>&m;</a>';
    expect(problemsOf(text)).toEqual([
      'line 1, column 1: a DOCTYPE or other declaration is not accepted: entities are not read here',
    ]);
  });

  test('with 10,000 nested elements is refused at the limit', () => {
    const text = '<a>'.repeat(10_000) + '</a>'.repeat(10_000);
    expect(problemsOf(text)).toEqual(['line 1, column 769: elements are nested deeper than 256 levels']);
  });

  test('of more than 10 Mi characters is refused unread', () => {
    expect(problemsOf('x'.repeat(MAX_XML_CHARACTERS + 1))).toEqual([
      'the text has 10485761 characters: more than 10 Mi are not read',
    ]);
  });

  test.each([
    ['angle brackets', '<'],
    ['ampersands in text', '&', '<a>', '</a>'],
    ['comment beginnings', '<!--'],
    ['attributes', ` x=''`, '<a', '/>'],
    ['spaces in a tag', ' ', '<a', '='],
    ['quotes', `"'`, '<a x='],
    ['empty end tags', '</>', '<a>'],
    ['zeroes', '\u0000'],
    ['white space', ' \n'],
  ])('of 10 MB %s is answered in time', (_, unit, before = '', after = '') => {
    const count = Math.floor((MAX_XML_CHARACTERS - before.length - after.length) / unit.length);
    expect(problemsOf(before + unit.repeat(count) + after).length).toBeGreaterThan(0);
  });

  test('of very many good elements is read in time', () => {
    expect(rootOf(`<a>${'<b/>'.repeat(100_000)}</a>`).children).toHaveLength(100_000);
  });
});
