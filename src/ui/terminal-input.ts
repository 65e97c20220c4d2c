import {PassThrough} from 'node:stream';
import type {InputRouter} from './input-router.ts';

/** Terminal input: what is used here of `process.stdin` when it is a terminal. */
export interface TerminalStdin {
  readonly isTTY?: boolean;
  setRawMode(isRaw: boolean): unknown;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * Reads the terminal in raw mode and feeds the router. It is the only reader of stdin; what Ink is given instead
 * is `inkStdin`, into which the router passes keys while a menu of Ink's is open.
 */
export class TerminalInput {
  readonly inkStdin = new InkStdin();
  readonly #stdin: TerminalStdin;
  readonly #router: InputRouter;
  readonly #handleData = (chunk: Uint8Array) => this.#feed(chunk);
  #timer: NodeJS.Timeout | undefined;

  constructor(stdin: TerminalStdin, router: InputRouter) {
    this.#stdin = stdin;
    this.#router = router;
  }

  /** Takes the terminal's input. */
  start(): void {
    this.#stdin.setRawMode(true);
    this.#stdin.on('data', this.#handleData);
    this.#stdin.resume();
  }

  /** Stops reading and gives the terminal back as it was. @throws {Error} EIO when there is no terminal any more */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stdin.off('data', this.#handleData);
    this.#stdin.pause();
    this.#stdin.setRawMode(false);
  }

  #feed(chunk: Uint8Array): void {
    clearTimeout(this.#timer);
    this.#router.feed(chunk);
    if (!this.#router.isPending) return;
    this.#timer = setTimeout(() => this.#router.flush(), this.#router.patienceMs);
  }
}

/** What Ink reads: a terminal in appearance, fed by the router. The real one's raw mode is not Ink's business. */
export class InkStdin extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
