import {StringDecoder} from 'node:string_decoder';
import {sanitiseLines} from '../../base/sanitise.ts';

/** So much of what came last is searched; a line that is longer is cut at its beginning. */
const KEPT_CHARACTERS = 64 * 1024;
/** Of a typed line so many characters have to be there for what came to be taken as its echo, as far as it is. */
const ECHO_CHARACTERS = 2;

/**
 * Waits for a regular expression in what a guest prints, as plain text: without control sequences, lines ended by `\n`.
 * The guest's echo of what was typed, the first of each line, is no answer.
 */
export class Expectation {
  readonly #pattern: RegExp;
  readonly #decoder = new StringDecoder('utf8');
  #echoes: readonly string[];
  /** Complete lines. */
  #text = '';
  /** The line that has no end yet, as it came. */
  #open = '';

  /** @param typed  the lines that are typed */
  constructor(pattern: RegExp, typed: readonly string[]) {
    this.#pattern = pattern;
    this.#echoes = typed.filter(line => line !== '');
  }

  /** The line that has no end yet. */
  get openLine(): string {
    return sanitiseLines(this.#open).at(-1) ?? '';
  }

  /** @returns the lines that are complete now, also those that are echoes */
  take(bytes: Uint8Array): readonly string[] {
    const text = this.#open + this.#decoder.write(Buffer.from(bytes));
    const end = text.lastIndexOf('\n') + 1;
    this.#open = text.slice(end).slice(-KEPT_CHARACTERS);
    const lines = sanitiseLines(text.slice(0, end));
    const answers = lines.filter(line => !this.#takeEcho(line));
    this.#text = (this.#text + answers.map(line => `${line}\n`).join('')).slice(-KEPT_CHARACTERS);
    return lines;
  }

  /** Whether the expression matches what came up to now. */
  get isMet(): boolean {
    const open = this.openLine;
    return this.#pattern.test(this.#text + (this.#isEcho(open) ? '' : open));
  }

  #takeEcho(line: string): boolean {
    const at = this.#echoes.findIndex(echo => line.trimEnd().endsWith(echo.trimEnd()));
    this.#echoes = this.#echoes.filter((_, index) => index !== at);
    return at >= 0;
  }

  /** The beginning of an echo, or all of it without its end. */
  #isEcho(line: string): boolean {
    return this.#echoes.some(echo => {
      for (let length = Math.min(ECHO_CHARACTERS, echo.length); length <= echo.length; length++) {
        if (line.endsWith(echo.slice(0, length))) return true;
      }
      return false;
    });
  }
}
