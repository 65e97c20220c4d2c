/** An element to be written; made by `element`. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly content: string | readonly XmlNode[];
  /** What stands around the values of the attributes; a single quote without a word. */
  readonly quote?: '"';
}

/** Attributes in the order in which they are written; an undefined one is left out. */
export type XmlAttributes = Readonly<Record<string, string | number | bigint | undefined>>;

/** Makes an element with text, with children (undefined ones are left out), or empty. */
export function element(
  name: string,
  attributes: XmlAttributes = {},
  content: string | readonly (XmlNode | undefined)[] = [],
): XmlNode {
  const given: [string, string][] = [];
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) given.push([key, String(value)]);
  return {
    name,
    attributes: given,
    content: typeof content === 'string' ? content : content.filter(node => node !== undefined),
  };
}

/** `<name>text</name>`, or nothing when there is no text. */
export function textElement(name: string, text: string | undefined): XmlNode | undefined {
  return text === undefined ? undefined : element(name, {}, text);
}

/**
 * Writes an element as libvirt does: two spaces a level, single quotes, `<x/>` when empty, a newline at the end.
 * Source: libvirt 9.0.0, src/util/virxml.c, virXMLFormatElement, and src/util/virbuffer.c, virBufferEscapeString.
 *
 * @param indent  before each line
 */
export function writeXml(node: XmlNode, indent = ''): string {
  const lines: string[] = [];
  writeInto(lines, node, indent);
  return `${lines.join('\n')}\n`;
}

function writeInto(lines: string[], node: XmlNode, indent: string): void {
  const {quote = "'"} = node;
  const attributes = node.attributes
    .map(([name, value]) => ` ${name}=${quote}${escapeAttribute(value)}${quote}`)
    .join('');
  const start = `${indent}<${node.name}${attributes}`;
  if (node.content.length === 0) lines.push(`${start}/>`);
  else if (typeof node.content === 'string') lines.push(`${start}>${escapeText(node.content)}</${node.name}>`);
  else {
    lines.push(`${start}>`);
    for (const child of node.content) writeInto(lines, child, `${indent}  `);
    lines.push(`${indent}</${node.name}>`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"'\r]/g, character => ESCAPES[character] ?? character);
}

/** A newline or tab in an attribute would be read back as a space: it is written as a number. */
function escapeAttribute(value: string): string {
  return value.replace(/[&<>"'\t\n\r]/g, character => ESCAPES[character] ?? character);
}
