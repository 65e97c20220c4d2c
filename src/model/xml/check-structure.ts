import type {Problem} from '../../base/problem.ts';
import {checkTag} from './check-tag.ts';
import {checkReference, FORBIDDEN_CHARACTER} from './entities.ts';
import type {SourceText} from './source-text.ts';

/** Deeper than any domain XML, shallow enough for recursion. */
export const MAX_DEPTH = 256;

/** Far more than any domain XML has, few enough to be read in a moment. */
export const MAX_ELEMENTS = 200_000;

/** After so many bad references the text is no XML: the rest is not told. */
const MAX_BAD_REFERENCES = 20;

/** Names that an object of JavaScript treats specially; fast-xml-parser throws on them. */
const RESERVED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

interface OpenTag {
  readonly name: string;
  readonly offset: number;
}

/**
 * Refuses what fast-xml-parser (5.12) would let through: mismatched and missing end tags with their place, text cut
 * off anywhere, faulty tags, more or less than one root, a DOCTYPE, unknown entities, characters that XML forbids,
 * endless nesting. Its own `XMLValidator` (deprecated) misses most of them. Linear in the length of the text.
 *
 * @returns the problems, in order; reading stops at the first that leaves the structure unclear
 */
export function checkStructure(source: SourceText): readonly Problem[] {
  const checker = new StructureChecker(source);
  checker.run();
  return checker.problems;
}

class StructureChecker {
  readonly problems: Problem[] = [];
  readonly #source: SourceText;
  readonly #text: string;
  #open: OpenTag[] = [];
  #roots = 0;
  #elements = 0;
  /** Offset of the next `&`, remembered so that the text is searched once. */
  #nextReference = -1;
  #stopped = false;

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
  }

  run(): void {
    const stray = /^[ \t\r\n]*([^ \t\r\n<])/.exec(this.#text);
    if (stray) {
      this.#stop(stray[0].length - 1, `this is no XML: it begins with ${quoted(this.#text, stray[0].length - 1)}`);
      return;
    }
    const forbidden = FORBIDDEN_CHARACTER.exec(this.#text);
    if (forbidden) this.#error(forbidden.index, `the character ${codeOf(forbidden[0])} is not allowed in XML`);
    let at = 0;
    while (at < this.#text.length && !this.#stopped) {
      const next = this.#text.indexOf('<', at);
      const end = next < 0 ? this.#text.length : next;
      this.#checkText(at, end);
      at = next < 0 ? end : this.#checkMarkup(next);
    }
    if (!this.#stopped) this.#checkEnd();
  }

  #error(offset: number, message: string): void {
    this.problems.push(this.#source.errorAt(offset, message));
  }

  /** For errors after which nothing that follows can be judged. */
  #stop(offset: number, message: string): number {
    this.#error(offset, message);
    this.#stopped = true;
    return this.#text.length;
  }

  #checkText(start: number, end: number): void {
    if (this.#open.length === 0) {
      const stray = /[^ \t\r\n]/g;
      stray.lastIndex = start;
      const match = stray.exec(this.#text);
      if (match && match.index < end) this.#stop(match.index, 'there is text outside the root element');
      return;
    }
    this.#checkReferences(start, end);
  }

  #checkReferences(start: number, end: number): void {
    if (this.#nextReference < start) this.#nextReference = this.#findReference(start);
    while (this.#nextReference < end && !this.#stopped) {
      const message = checkReference(this.#text, this.#nextReference);
      if (message !== undefined) this.#error(this.#nextReference, message);
      this.#stopped = this.problems.length > MAX_BAD_REFERENCES;
      this.#nextReference = this.#findReference(this.#nextReference + 1);
    }
  }

  #findReference(from: number): number {
    const at = this.#text.indexOf('&', from);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  }

  /** @returns the offset after the markup that begins at `at` */
  #checkMarkup(at: number): number {
    const text = this.#text;
    if (text.startsWith('<!--', at)) return this.#skipTo(at, '-->', 4, 'comment');
    if (text.startsWith('<![CDATA[', at)) {
      if (this.#open.length === 0) return this.#stop(at, 'there is text outside the root element');
      return this.#skipTo(at, ']]>', 9, 'CDATA section');
    }
    if (text.startsWith('<?', at)) return this.#checkInstruction(at);
    if (text.startsWith('<!', at)) {
      return this.#stop(at, 'a DOCTYPE or other declaration is not accepted: entities are not read here');
    }
    return text.startsWith('</', at) ? this.#checkEndTag(at) : this.#checkStartTag(at);
  }

  #skipTo(at: number, terminator: string, skip: number, what: string): number {
    const end = this.#text.indexOf(terminator, at + skip);
    return end < 0
      ? this.#stop(at, `the ${what} is never closed: '${terminator}' is missing`)
      : end + terminator.length;
  }

  #checkInstruction(at: number): number {
    if (/^<\?xml[ \t\r\n?]/.test(this.#text.slice(at, at + 6)) && at > 0) {
      return this.#stop(at, 'the XML declaration is allowed only at the very beginning');
    }
    return this.#skipTo(at, '?>', 2, 'processing instruction');
  }

  #checkEndTag(at: number): number {
    const end = this.#text.indexOf('>', at);
    if (end < 0) return this.#stop(at, this.#cutOff('in an end tag'));
    const name = this.#text.slice(at + 2, end).trimEnd();
    const open = this.#open.pop();
    if (!open) return this.#stop(at, `</${shorten(name)}> closes nothing`);
    if (open.name !== name) {
      const {line} = this.#source.placeOf(open.offset);
      return this.#stop(at, `expected </${open.name}> (opened on line ${line}), found </${shorten(name)}>`);
    }
    return end + 1;
  }

  #checkStartTag(at: number): number {
    const end = this.#endOfTag(at);
    if (end === undefined) return this.#text.length;
    const fault = checkTag(this.#text.slice(at, end + 1));
    if (fault) return this.#stop(at + fault.offset, fault.message);
    this.#checkReferences(at, end);
    const name = this.#nameAt(at + 1);
    if (RESERVED_NAMES.has(name)) this.#error(at, `'${name}' is not accepted as the name of an element`);
    if (this.#open.length === 0 && ++this.#roots > 1) return this.#stop(at, `there is a second root element <${name}>`);
    if (++this.#elements > MAX_ELEMENTS) return this.#stop(at, `there are more than ${MAX_ELEMENTS} elements`);
    if (this.#text[end - 1] === '/') return end + 1;
    this.#open.push({name, offset: at});
    if (this.#open.length > MAX_DEPTH) return this.#stop(at, `elements are nested deeper than ${MAX_DEPTH} levels`);
    return end + 1;
  }

  #nameAt(offset: number): string {
    const end = /[\s/>]/g;
    end.lastIndex = offset;
    return this.#text.slice(offset, end.exec(this.#text)?.index);
  }

  /** Offset of the `>` that ends the tag, past quoted values. */
  #endOfTag(at: number): number | undefined {
    const delimiter = /["'<>]/g;
    delimiter.lastIndex = at + 1;
    for (let match = delimiter.exec(this.#text); match; match = delimiter.exec(this.#text)) {
      const [mark] = match;
      if (mark === '>') return match.index;
      if (mark === '<') return this.#noTagEnd(at, `the tag is not closed: '>' is missing before the next '<'`);
      const close = this.#text.indexOf(mark, match.index + 1);
      if (close < 0) return this.#noTagEnd(match.index, 'the quoted value is never closed');
      const inside = this.#text.slice(match.index, close).indexOf('<');
      if (inside >= 0) return this.#noTagEnd(match.index + inside, "'<' inside a quoted value: write &lt;");
      delimiter.lastIndex = close + 1;
    }
    return this.#noTagEnd(at, this.#cutOff('in a tag'));
  }

  #noTagEnd(offset: number, message: string): undefined {
    this.#stop(offset, message);
    return undefined;
  }

  #checkEnd(): void {
    const open = this.#open.at(-1);
    if (open) this.#error(this.#text.length, this.#cutOff('here'));
    else if (this.#roots === 0) this.#error(0, 'there is no element in the text');
  }

  #cutOff(where: string): string {
    const open = this.#open.at(-1);
    if (!open) return `the text ends ${where}: it is cut off`;
    const {line} = this.#source.placeOf(open.offset);
    return `the text ends ${where}, inside <${shorten(open.name)}> of line ${line}: it is cut off`;
  }
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}...` : name;
}

/** The beginning of a text that is none, for a message: what cannot be shown is left out there. */
function quoted(text: string, from: number): string {
  const start = text.slice(from, from + 20);
  return FORBIDDEN_CHARACTER.test(start) ? 'bytes that are no text' : `'${start.replace(/\s+/g, ' ')}'`;
}

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
