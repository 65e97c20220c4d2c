import {StringDecoder} from 'node:string_decoder';
import {sanitiseLines} from '../../base/sanitise.ts';

/** A line that is longer is cut at its beginning while it has no end. */
const LONGEST_LINE = 64 * 1024;

/** Makes plain lines of the bytes that a guest prints: without control sequences, safe to show. */
export class PlainLines {
  readonly #decoder = new StringDecoder('utf8');
  #open = '';

  /** Whether something came since the last end of a line. */
  get hasOpenLine(): boolean {
    return this.#open !== '';
  }

  /** The line that has no end yet. */
  get openLine(): string {
    return sanitiseLines(this.#open).at(-1) ?? '';
  }

  /** Forgets the line that has no end yet: what follows does not belong to it. */
  end(): void {
    this.#decoder.end();
    this.#open = '';
  }

  /** @returns the lines that are complete now */
  take(bytes: Uint8Array): readonly string[] {
    const text = this.#open + this.#decoder.write(Buffer.from(bytes));
    const end = text.lastIndexOf('\n') + 1;
    this.#open = text.slice(end).slice(-LONGEST_LINE);
    return sanitiseLines(text.slice(0, end));
  }
}
