import type {Problem} from '../../base/problem.ts';
import type {NativeWord} from './native-word.ts';

const BLANKS = ' \t\n\r';

/** Reads a text word by word, in one pass; `splitNative` says how quotes and backslashes are taken. */
export class WordReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** All words, or the problem that ended them. */
  readAll(): {readonly words: readonly NativeWord[]; readonly problem?: Problem} {
    const words: NativeWord[] = [];
    this.#skipComments();
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length) return {words};
      const place = this.#place();
      const read = this.#readWord();
      if (typeof read !== 'string') return {words, problem: read};
      words.push({text: read, ...place});
    }
  }

  /** Lines before the first word that begin with `#` say what is done before. */
  #skipComments(): void {
    this.#skipBlanks();
    while (this.#text[this.#at] === '#') {
      while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#step();
      this.#skipBlanks();
    }
  }

  #place() {
    return {line: this.#line, column: this.#at - this.#lineStart + 1};
  }

  #isBlank(): boolean {
    return BLANKS.includes(this.#text[this.#at] ?? ' ');
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && (this.#skipContinuation() || this.#isBlank())) {
      if (this.#at < this.#text.length && this.#isBlank()) this.#step();
    }
  }

  /** Goes over one character and counts lines. */
  #step(): string {
    const character = this.#text[this.#at++] ?? '';
    if (character === '\n') {
      this.#line++;
      this.#lineStart = this.#at;
    }
    return character;
  }

  /** A backslash and the line end after it stand for nothing. */
  #skipContinuation(): boolean {
    if (this.#text[this.#at] !== '\\') return false;
    const length = this.#text.startsWith('\r\n', this.#at + 1) ? 3 : this.#text[this.#at + 1] === '\n' ? 2 : 0;
    for (let count = 0; count < length; count++) this.#step();
    return length > 0;
  }

  #readWord(): string | Problem {
    const parts: string[] = [];
    let mayQuote = true;
    while (this.#at < this.#text.length) {
      if (this.#skipContinuation()) continue;
      if (this.#isBlank()) break;
      if (mayQuote && this.#isQuote()) {
        const quoted = this.#readQuoted();
        if (typeof quoted !== 'string') return quoted;
        parts.push(quoted);
        continue;
      }
      const escaped = this.#skipEscape();
      const character = this.#step();
      parts.push(character);
      mayQuote = escaped || character === '=';
    }
    return parts.join('');
  }

  #isQuote(): boolean {
    const character = this.#text[this.#at];
    return character === "'" || character === '"';
  }

  /** Outside of quotes a backslash protects what would otherwise end the word or begin a quote. */
  #skipEscape(): boolean {
    const next = this.#text[this.#at + 1];
    if (this.#text[this.#at] !== '\\' || next === undefined || !`${BLANKS}'"`.includes(next)) return false;
    this.#step();
    return true;
  }

  #readQuoted(): string | Problem {
    const place = this.#place();
    const quote = this.#step();
    const parts: string[] = [];
    while (this.#at < this.#text.length) {
      if (this.#skipContinuation()) continue;
      const character = this.#step();
      if (character === quote) return parts.join('');
      parts.push(character);
    }
    return {severity: 'error', ...place, message: `the quote ${quote} that begins here has no end`};
  }
}
