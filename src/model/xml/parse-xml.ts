import {XMLParser} from 'fast-xml-parser';
import type {Problem} from '../../base/problem.ts';
import {messageOf} from '../../base/virt-error.ts';
import {checkStructure} from './check-structure.ts';
import {decodeEntities} from './entities.ts';
import {SourceText} from './source-text.ts';
import type {Place, XmlElement} from './xml-element.ts';

/** A text is refused above this, before anything looks into it. */
export const MAX_XML_CHARACTERS = 10 * 1024 * 1024;

/** `root` is there exactly when there is no problem. */
export interface ParsedXml {
  readonly root?: XmlElement;
  readonly problems: readonly Problem[];
}

/** The library's types call it a `Symbol` object. */
const META: unknown = XMLParser.getMetaDataSymbol();
const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';
/** Before each attribute's name, so that none can be mistaken for a property of an object. */
const PREFIX = '@';

/** Values stay strings as they are written; entities are replaced here, because the library knows no `&#10;`. */
const PARSER_OPTIONS = {
  preserveOrder: true,
  captureMetaData: true,
  ignoreAttributes: false,
  attributeNamePrefix: PREFIX,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  jPath: false,
  maxNestedTags: Number.POSITIVE_INFINITY,
  onDangerousProperty: (name: string) => name,
} as const;

/**
 * Reads an XML text into a tree with places. Strict where fast-xml-parser is not (see `check-structure.ts`).
 * Comments and processing instructions are left out; CDATA is text. Nothing in the text makes it throw.
 */
export function parseXml(text: string): ParsedXml {
  if (text.length > MAX_XML_CHARACTERS) {
    const limit = MAX_XML_CHARACTERS / 1024 / 1024;
    return {problems: [wholeText(`the text has ${text.length} characters: more than ${limit} Mi are not read`)]};
  }
  const source = new SourceText(text.startsWith('\ufeff') ? text.slice(1) : text);
  const problems = checkStructure(source);
  return problems.length > 0 ? {problems} : buildTree(source);
}

function wholeText(message: string): Problem {
  return {severity: 'error', line: 0, column: 0, message};
}

function buildTree(source: SourceText): ParsedXml {
  let nodes: unknown;
  try {
    nodes = new XMLParser(PARSER_OPTIONS).parse(source.text);
  } catch (error) {
    return {problems: [wholeText(`the text cannot be read: ${messageOf(error)}`)]};
  }
  const [root] = elementsOf(source, nodes);
  return root ? {root, problems: []} : {problems: [wholeText('there is no element in the text')]};
}

/** A node as `preserveOrder` gives it: one key with the element's name, or text, and its attributes beside it. */
type RawNode = Readonly<Record<string | symbol, unknown>>;

function isRawNode(value: unknown): value is RawNode {
  return typeof value === 'object' && value !== null;
}

function rawNodes(value: unknown): readonly RawNode[] {
  return Array.isArray(value) ? value.filter(isRawNode) : [];
}

function nameOf(node: RawNode): string {
  return Object.keys(node).find(key => key !== ATTRIBUTES) ?? '';
}

function elementsOf(source: SourceText, nodes: unknown): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  for (const node of rawNodes(nodes)) {
    const name = nameOf(node);
    if (name !== TEXT && name !== CDATA) elements.push(new ParsedElement(source, name, node));
  }
  return elements;
}

function textOf(nodes: unknown): string {
  let text = '';
  for (const node of rawNodes(nodes)) {
    if (TEXT in node) text += decodeEntities(String(node[TEXT]));
    else if (CDATA in node) for (const part of rawNodes(node[CDATA])) text += String(part[TEXT]);
  }
  return text;
}

/** White space in an attribute is a space, unless it is written as a number. Source: XML 1.0, section 3.3.3. */
function attributesOf(node: RawNode): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  const raw = node[ATTRIBUTES];
  if (!isRawNode(raw)) return attributes;
  for (const [key, value] of Object.entries(raw)) {
    attributes.set(key.slice(PREFIX.length), decodeEntities(String(value).replace(/[\t\n\r]/g, ' ')));
  }
  return attributes;
}

function startOf(node: RawNode): number {
  const meta = typeof META === 'symbol' ? node[META] : undefined;
  return isRawNode(meta) && typeof meta.startIndex === 'number' ? meta.startIndex : 0;
}

class ParsedElement implements XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly rawText: string;
  readonly #source: SourceText;
  readonly #offset: number;
  #attributeOffsets: ReadonlyMap<string, number> | undefined;

  constructor(source: SourceText, name: string, node: RawNode) {
    this.#source = source;
    this.#offset = startOf(node);
    this.name = name;
    this.attributes = attributesOf(node);
    this.children = elementsOf(source, node[name]);
    this.rawText = textOf(node[name]);
  }

  get text(): string {
    return this.rawText.trim();
  }

  get line(): number {
    return this.#source.placeOf(this.#offset).line;
  }

  get column(): number {
    return this.#source.placeOf(this.#offset).column;
  }

  attributePlace(name: string): Place {
    this.#attributeOffsets ??= findAttributes(this.#source.text, this.#offset + 1 + this.name.length);
    return this.#source.placeOf(this.#attributeOffsets.get(name) ?? this.#offset);
  }
}

/** Offsets of the attributes' names in the tag whose name ends at `offset`. */
function findAttributes(text: string, offset: number): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const attribute = /([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')|>/g;
  attribute.lastIndex = offset;
  for (let match = attribute.exec(text); match?.[1]; match = attribute.exec(text)) offsets.set(match[1], match.index);
  return offsets;
}
