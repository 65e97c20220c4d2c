import {parseXml} from '../model/xml/parse-xml.ts';
import type {Place} from '../model/xml/xml-element.ts';

/** The name in a domain XML as it stands; undefined where there is none, or no XML. */
export function definitionName(xml: string): string | undefined {
  return nameElement(xml)?.text;
}

/** A domain XML with another name; nothing else of the text changes. Without a `<name>` it stays as it is. */
export function withDefinitionName(xml: string, name: string): string {
  const element = nameElement(xml);
  const start = element && offsetOf(xml, element);
  const open = start === undefined ? -1 : xml.indexOf('>', start);
  const close = xml.indexOf('</name', open);
  if (open < 0 || close < 0) return xml;
  return `${xml.slice(0, open + 1)}${escapeText(name)}${xml.slice(close)}`;
}

/** The first of `name`, `name-2`, `name-3`, ... that is free. */
export function freeName(name: string, isTaken: (candidate: string) => boolean): string {
  let candidate = name;
  for (let number = 2; isTaken(candidate); number++) candidate = `${name}-${number}`;
  return candidate;
}

function nameElement(xml: string) {
  return parseXml(xml).root?.children.find(child => child.name === 'name');
}

function offsetOf(text: string, {line, column}: Place): number {
  const newline = /\r\n?|\n/g;
  for (let at = 1; at < line; at++) newline.exec(text);
  return newline.lastIndex + column - 1;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
