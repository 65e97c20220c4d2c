import type {Problem} from '../../base/problem.ts';

/** What a setting is set to. */
export type ConfValue =
  | {readonly is: 'number'; readonly number: bigint}
  | {readonly is: 'text'; readonly text: string}
  | {readonly is: 'list'; readonly items: readonly Exclude<ConfValue, {readonly is: 'list'}>[]};

/** One line `name = value`. */
export interface ConfSetting {
  readonly name: string;
  readonly value: ConfValue;
  /** 1-based, of the name. */
  readonly line: number;
  readonly column: number;
}

export interface ParsedConf {
  /** In the order of the text; a name may stand in it more than once. */
  readonly settings: readonly ConfSetting[];
  readonly problems: readonly Problem[];
}

/** More is no configuration that a person wrote. */
const MAX_CHARS = 1024 * 1024;

/**
 * Reads libvirt's syntax of configuration files: `name = value` on lines of their own, `#` to the end of a line, a value that is
 * a number, a text in `"`, `'` or `"""`, or a list of such in brackets over any number of lines. No character of a text is
 * special. After an error the next line is read on.
 *
 * @see libvirt 9.0.0, src/util/virconf.c
 */
export function parseConf(text: string): ParsedConf {
  if (text.length > MAX_CHARS)
    return {settings: [], problems: [problemAt(0, 0, `it has more than ${MAX_CHARS} characters`)]};
  const reader = new ConfReader(text);
  const settings: ConfSetting[] = [];
  const problems: Problem[] = [];
  while (!reader.atEnd()) {
    const setting = reader.readLine();
    if (setting === undefined) continue;
    if ('message' in setting) problems.push(setting);
    else settings.push(setting);
  }
  return {settings, problems};
}

function problemAt(line: number, column: number, message: string): Problem {
  return {severity: 'error', line, column, message};
}

/** Why the rest of a line is left out. */
class ConfError extends Error {
  readonly offset: number;
  /** The line with this is the last one that is left out. */
  readonly goOnAt: number;

  constructor(offset: number, message: string, goOnAt = offset) {
    super(message);
    this.offset = offset;
    this.goOnAt = goOnAt;
  }
}

const BLANK = /[ \t\r]*/y;
const BLANK_OR_LINE_END = /(?:[ \t\r\n]|#[^\n]*)*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9]+/y;
const REST_OF_LINE = /[^\n]*\n?/y;

class ConfReader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#offset >= this.#text.length;
  }

  /** One line, or more where a value goes on; undefined for a line without a setting. */
  readLine(): ConfSetting | Problem | undefined {
    try {
      this.#take(BLANK);
      const start = this.#offset;
      const setting = /[#\n]|$/y.test(this.#text[start] ?? '') ? undefined : this.#readSetting(start);
      this.#take(BLANK);
      if (!this.atEnd() && this.#text[this.#offset] !== '\n' && this.#text[this.#offset] !== '#') {
        throw new ConfError(this.#offset, 'there is more than one setting on the line, or something behind it');
      }
      return setting;
    } catch (error) {
      if (!(error instanceof ConfError)) throw error;
      this.#offset = Math.max(this.#offset, error.goOnAt);
      return problemAt(...this.#place(error.offset), error.message);
    } finally {
      this.#take(REST_OF_LINE);
    }
  }

  #readSetting(start: number): ConfSetting {
    const name = this.#take(NAME);
    if (name === '') throw new ConfError(start, 'a line begins with the name of a setting, or with #');
    this.#take(BLANK);
    if (this.#text[this.#offset] !== '=') throw new ConfError(this.#offset, `after '${name}' there is no =`);
    this.#offset++;
    this.#take(BLANK);
    const value = this.#text[this.#offset] === '[' ? this.#readList(name) : this.#readOne(name);
    const [line, column] = this.#place(start);
    return {name, value, line, column};
  }

  #readOne(name: string): Exclude<ConfValue, {readonly is: 'list'}> {
    const start = this.#offset;
    const quote = this.#text.startsWith('"""', start) ? '"""' : (this.#text[start] ?? '');
    if (quote === '"' || quote === "'" || quote === '"""') return {is: 'text', text: this.#readQuoted(quote)};
    const number = this.#take(NUMBER);
    if (number !== '') return {is: 'number', number: BigInt(number)};
    throw new ConfError(start, `'${name}' is set to no number, text in quotes, or list in brackets`);
  }

  #readQuoted(quote: string): string {
    const start = this.#offset;
    const from = start + quote.length;
    const end = this.#text.indexOf(quote, from);
    const text = end < 0 ? undefined : this.#text.slice(from, end);
    if (text === undefined || (quote.length === 1 && text.includes('\n'))) {
      throw new ConfError(start, `the text that begins with ${quote} has no end`);
    }
    this.#offset = end + quote.length;
    return text;
  }

  #readList(name: string): ConfValue {
    const start = this.#offset;
    try {
      return {is: 'list', items: this.#readItems(name)};
    } catch (error) {
      if (!(error instanceof ConfError)) throw error;
      throw new ConfError(error.offset, error.message, this.#text.indexOf(']', start));
    }
  }

  #readItems(name: string): readonly Exclude<ConfValue, {readonly is: 'list'}>[] {
    const start = this.#offset++;
    const items: Exclude<ConfValue, {readonly is: 'list'}>[] = [];
    for (;;) {
      this.#take(BLANK_OR_LINE_END);
      const next = this.#text[this.#offset];
      if (next === ']') break;
      if (next === undefined) throw new ConfError(start, `the list of '${name}' has no end`);
      if (next === '[') throw new ConfError(this.#offset, 'a list has no lists in it');
      items.push(this.#readOne(name));
      this.#take(BLANK_OR_LINE_END);
      if (this.#text[this.#offset] === ',') this.#offset++;
      else if (this.#text[this.#offset] !== ']' && !this.atEnd())
        throw new ConfError(this.#offset, 'a comma is missing in the list');
    }
    this.#offset++;
    return items;
  }

  /** What of a pattern stands here; the reader goes on behind it. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#offset += found.length;
    return found;
  }

  #place(offset: number): [line: number, column: number] {
    const before = this.#text.slice(0, offset);
    return [before.split('\n').length, offset - before.lastIndexOf('\n')];
  }
}
