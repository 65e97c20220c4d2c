import type {Readable, Writable} from 'node:stream';
import {type Disposable, disposable} from '../base/disposable.ts';

/** The terminal's input, or whatever stands in its place. */
export interface InputStream extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
}

/** The terminal's output, or whatever stands in its place. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
}

/** What a command line is surrounded by; a test gives its own streams, environment and clock. */
export interface CliIoOptions {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls back once after so many milliseconds; disposing cancels. */
  readonly after: (delayMs: number, callback: () => void) => Disposable;
  /** Calls back when one of the signals arrives; until it is disposed, the signals do nothing else. */
  readonly onSignal: (signals: readonly TerminalSignal[], handle: (signal: TerminalSignal) => void) => Disposable;
  /**
   * Stops a terminal that is in raw mode from making CR LF of LF, which Node's raw mode leaves on: for a guest's screen
   * program a bare LF is one line down. Leaving raw mode takes it back.
   */
  readonly keepLineEnds: () => void;
}

/** The signals that end a program that sits on a terminal. */
export type TerminalSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/**
 * The streams of the program, with what every command needs of them. A stream is touched when it is first used,
 * because opening one takes Node a millisecond or two.
 */
export class CliIo {
  readonly env: CliIoOptions['env'];
  readonly cwd: string;
  readonly after: CliIoOptions['after'];
  readonly onSignal: CliIoOptions['onSignal'];
  readonly keepLineEnds: CliIoOptions['keepLineEnds'];
  readonly #options: CliIoOptions;
  readonly #guarded = new Set<OutputStream>();
  #closed = false;

  constructor(options: CliIoOptions) {
    this.#options = options;
    this.env = options.env;
    this.cwd = options.cwd;
    this.after = options.after;
    this.onSignal = options.onSignal;
    this.keepLineEnds = options.keepLineEnds;
  }

  get stdin(): InputStream {
    return this.#options.stdin;
  }

  get stdout(): OutputStream {
    return this.#guard(this.#options.stdout);
  }

  get stderr(): OutputStream {
    return this.#guard(this.#options.stderr);
  }

  /** True when nobody reads the output any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether input and output are both a terminal. */
  get interactive(): boolean {
    return this.stdin.isTTY === true && this.stdout.isTTY === true;
  }

  /** Prints data, as it is. */
  out(text: string): void {
    if (!this.#closed) this.stdout.write(text);
  }

  /** Prints a message for the person, as it is. */
  err(text: string): void {
    if (!this.#closed) this.stderr.write(text);
  }

  /** A reader that has had enough (`virtty list | head -1`) is no failure: the rest is not printed. */
  #guard(stream: OutputStream): OutputStream {
    if (this.#guarded.has(stream)) return stream;
    this.#guarded.add(stream);
    return stream.on('error', error => {
      if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
      this.#closed = true;
    });
  }
}

/** The streams of this process. */
export function processIo(): CliIo {
  return new CliIo({
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    env: process.env,
    cwd: process.cwd(),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return disposable(() => clearTimeout(timer));
    },
    onSignal: (signals, handle) => {
      for (const signal of signals) process.on(signal, handle);
      return disposable(() => {
        for (const signal of signals) process.off(signal, handle);
      });
    },
    keepLineEnds: () => {
      // Loaded here, since no other command needs it; without stty the terminal only adds a CR.
      const {spawnSync} = process.getBuiltinModule('node:child_process');
      spawnSync('stty', ['-opost'], {stdio: ['inherit', 'ignore', 'ignore']});
    },
  });
}
