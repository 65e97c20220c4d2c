import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseXml} from '../../../src/model/xml/parse-xml.ts';
import {element, textElement, writeXml} from '../../../src/model/xml/write-xml.ts';

test('writes two spaces a level, single quotes, and empty elements closed', () => {
  const tree = element('a', {x: 1, gone: undefined}, [element('b', {}, [element('c')]), textElement('d', 'text')]);
  expect(writeXml(tree)).toBe("<a x='1'>\n  <b>\n    <c/>\n  </b>\n  <d>text</d>\n</a>\n");
});

test('escapes what would be markup, and white space that would not come back', () => {
  expect(writeXml(element('a', {x: `'"<&>\n\t\r`}))).toBe("<a x='&apos;&quot;&lt;&amp;&gt;&#10;&#9;&#13;'/>\n");
  expect(writeXml(element('a', {}, `it's\r\n`))).toBe('<a>it&apos;s&#13;\n</a>\n');
});

test('leaves out children and text that are not there', () => {
  expect(writeXml(element('a', {}, [undefined, textElement('b', undefined)]))).toBe('<a/>\n');
});

const xmlText = fc
  .string({unit: 'binary', maxLength: 40})
  .filter(text => !/[^\t\n\r -\ufffd\u{10000}-\u{10ffff}]/u.test(text));

test('whatever is written is read back the same', () => {
  fc.assert(
    fc.property(xmlText, xmlText, (attribute, text) => {
      const {root} = parseXml(writeXml(element('a', {x: attribute}, text)));
      expect(root?.attributes.get('x')).toBe(attribute);
      expect(root?.rawText).toBe(text);
    }),
  );
});
