import type {OptionPair} from './option-bag.ts';
import {OptionValueError} from './option-value-error.ts';
import {unfitForXml} from './unfit-for-xml.ts';

/** QEMU's own objects have three levels at most. */
const MAX_DEPTH = 32;

const BLANKS = ' \t\r\n';

/** Source: QEMU 7.2, qobject/json-parser.c, parse_string. */
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads a JSON object as QEMU reads one on its command line: integers of any size exactly, strings in either quote, no
 * key twice.
 *
 * @returns the members as pairs, those of members with a dot between: `file.filename`, `host-nodes.0`
 * @throws {OptionValueError} for a text that is none, with the place in it
 */
export function parseJsonOption(text: string): readonly OptionPair[] {
  return new JsonReader(text).readAll();
}

class JsonReader {
  readonly #text: string;
  readonly #pairs: OptionPair[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): readonly OptionPair[] {
    this.#readObject('', 1);
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail('nothing may follow the object');
    return this.#pairs;
  }

  #fail(why: string): never {
    throw new OptionValueError(`this is no JSON object: ${why} (at its character ${this.#at + 1})`);
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && BLANKS.includes(this.#text.charAt(this.#at))) this.#at++;
  }

  /** The next character that is no blank, without going over it; empty at the end. */
  #next(): string {
    this.#skipBlanks();
    return this.#text.charAt(this.#at);
  }

  #expect(character: string): void {
    if (this.#next() !== character) this.#fail(`'${character}' is missing`);
    this.#at++;
  }

  #readObject(prefix: string, depth: number): void {
    this.#expect('{');
    const seen = new Set<string>();
    if (this.#next() === '}') {
      this.#at++;
      return;
    }
    for (;;) {
      const start = this.#at;
      const key = this.#readString();
      if (seen.has(key)) {
        this.#at = start;
        this.#fail(`'${key}' is there twice`);
      }
      seen.add(key);
      this.#expect(':');
      this.#readValue(prefix + key, depth);
      if (this.#endsWith('}')) return;
    }
  }

  #readArray(prefix: string, depth: number): void {
    this.#expect('[');
    if (this.#next() === ']') {
      this.#at++;
      return;
    }
    for (let index = 0; ; index++) {
      this.#readValue(prefix + index, depth);
      if (this.#endsWith(']')) return;
    }
  }

  /** Whether the list ends here; a comma goes on. */
  #endsWith(end: string): boolean {
    const character = this.#next();
    if (character !== end && character !== ',') this.#fail(`',' or '${end}' is missing`);
    this.#at++;
    return character === end;
  }

  #readValue(key: string, depth: number): void {
    const first = this.#next();
    if (first === '{' || first === '[') {
      if (depth >= MAX_DEPTH) throw new OptionValueError(`the JSON object is nested deeper than ${MAX_DEPTH}`);
      if (first === '{') this.#readObject(`${key}.`, depth + 1);
      else this.#readArray(`${key}.`, depth + 1);
    } else if (first === '"' || first === "'") {
      this.#add(key, this.#readString(), 'string');
    } else {
      this.#readWord(key);
    }
  }

  #readWord(key: string): void {
    const word = /[^\s,\]}]*/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0] ?? '';
    const isNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(found);
    if (!isNumber && !['true', 'false', 'null'].includes(found)) this.#fail('a value is missing');
    this.#at += found.length;
    if (isNumber) this.#add(key, found, 'number');
    else if (found === 'null') this.#pairs.push({key, value: undefined, text: `${key}=null`, type: 'null'});
    else this.#add(key, found === 'true' ? 'on' : 'off', 'bool');
  }

  #add(key: string, value: string, type: NonNullable<OptionPair['type']>): void {
    const unfit = unfitForXml(key + value);
    if (unfit !== undefined) throw new OptionValueError(unfit);
    this.#pairs.push({key, value, text: `${key}=${value}`, type});
  }

  #readString(): string {
    const quote = this.#next();
    if (quote !== '"' && quote !== "'") this.#fail('a string is missing');
    this.#at++;
    const parts: string[] = [];
    for (;;) {
      const plain = quote === '"' ? /[^"\\]*/y : /[^'\\]*/y;
      plain.lastIndex = this.#at;
      const run = plain.exec(this.#text)?.[0] ?? '';
      parts.push(run);
      this.#at += run.length;
      if (this.#at >= this.#text.length) this.#fail('a string has no end');
      if (this.#text[this.#at++] === quote) return parts.join('');
      parts.push(this.#readEscape());
    }
  }

  #readEscape(): string {
    const character = this.#text.charAt(this.#at++);
    if (character !== 'u') return ESCAPES[character] ?? this.#fail(`'\\${character}' is no character`);
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) this.#fail("'\\u' needs four hexadecimal digits");
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}
