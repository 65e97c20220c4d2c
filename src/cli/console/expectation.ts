import {PlainLines} from './plain-lines.ts';

/** So much of what came last is searched. */
const KEPT_CHARACTERS = 64 * 1024;
/** Of a typed line so many characters have to be there for what came to be taken as its echo, as far as it is. */
const ECHO_CHARACTERS = 2;

/**
 * Waits for a regular expression in what a guest prints, as plain text: without control sequences, lines ended by `\n`.
 * The guest's echo of what was typed, the first of each line, is no answer.
 */
export class Expectation {
  readonly #pattern: RegExp;
  readonly #reader = new PlainLines();
  #echoes: readonly string[];
  /** Complete lines. */
  #text = '';
  /** Complete lines that were echoes. */
  #echoed = '';

  /** @param typed  the lines that are typed */
  constructor(pattern: RegExp, typed: readonly string[]) {
    this.#pattern = pattern;
    this.#echoes = typed.filter(line => line !== '');
  }

  /** The line that has no end yet. */
  get openLine(): string {
    return this.#reader.openLine;
  }

  /** @returns the lines that are complete now, also those that are echoes */
  take(bytes: Uint8Array): readonly string[] {
    const lines = this.#reader.take(bytes);
    const answers = lines.filter(line => !this.#takeEcho(line));
    this.#echoed += lines
      .filter(line => !answers.includes(line))
      .map(line => `${line}\n`)
      .join('');
    this.#text = (this.#text + answers.map(line => `${line}\n`).join('')).slice(-KEPT_CHARACTERS);
    return lines;
  }

  /** Whether the expression matches what came up to now. */
  get isMet(): boolean {
    const open = this.openLine;
    return this.#pattern.test(this.#text + (this.#isEcho(open) ? '' : open));
  }

  /** Whether the expression matches an echo of what was typed, which does not count. */
  get matchesEcho(): boolean {
    return this.#pattern.test(this.#echoed + (this.#isEcho(this.openLine) ? this.openLine : ''));
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
