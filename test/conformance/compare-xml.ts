import {parseXml} from '../../src/model/xml/parse-xml.ts';
import type {XmlElement} from '../../src/model/xml/xml-element.ts';

/**
 * The first difference between two XML texts as trees: white space between elements and the order of attributes do not
 * count, the order of siblings does.
 *
 * @returns undefined when there is none
 */
export function firstXmlDifference(expected: string, actual: string): string | undefined {
  const [want, got] = [rootOf(expected, 'expected'), rootOf(actual, 'actual')];
  if (typeof want === 'string') return want;
  return typeof got === 'string' ? got : compare(want, got, `/${want.name}`);
}

function rootOf(text: string, which: string): XmlElement | string {
  const {root, problems} = parseXml(text);
  return root ?? `the ${which} XML cannot be read: ${problems[0]?.message}`;
}

function compare(want: XmlElement, got: XmlElement, path: string): string | undefined {
  const [a, b] = [startTag(want), startTag(got)];
  if (a !== b) return `${path}: expected ${a}, found ${b}`;
  if (want.children.length + got.children.length === 0 && want.text !== got.text) {
    return `${path}: expected the text '${want.text}', found '${got.text}'`;
  }
  for (let index = 0; index < Math.max(want.children.length, got.children.length); index++) {
    const [x, y] = [want.children[index], got.children[index]];
    if (!x || !y) return `${path}: expected ${x ? startTag(x) : 'the end'}, found ${y ? startTag(y) : 'the end'}`;
    const difference = compare(x, y, `${path}/${x.name}[${index + 1}]`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The tag with its attributes in alphabetical order. */
function startTag({name, attributes}: XmlElement): string {
  const sorted = [...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ` ${key}='${value}'`);
  return `<${name}${sorted.join('')}>`;
}
