import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {Duplex} from 'node:stream';
import {errnoOf} from './files.ts';

/** How a child ended, or that it never began. */
export type ChildEnd =
  | {readonly how: 'exit'; readonly code: number}
  | {readonly how: 'signal'; readonly signal: string}
  | {readonly how: 'not started'; readonly errno: string};

/** A short-lived child that talks on its standard input and output. */
export interface PipedChild {
  /** Its standard output to read and its standard input to write. */
  readonly stream: Duplex;
  /** Settles when it has ended and all its output is read. */
  readonly ended: Promise<ChildEnd>;
  /** True once it has closed its standard output, as every end of it does. */
  outputEnded(): boolean;
  /** What it wrote on its standard error so far, the newest 64 Ki characters. */
  errorOutput(): string;
  /** Ends it and what it has started at once; nothing to do when it has ended. */
  kill(): void;
}

const MAX_ERROR_CHARS = 64 * 1024;

/** Of util-linux 2.33 and later: `--pdeathsig` has the kernel end a program whose parent is gone. */
const SETPRIV = '/usr/bin/setpriv';

/**
 * Starts a program without a shell, in a process group of its own. Failing to start is told by `ended`.
 * Where the system has `setpriv`, the child ends with this program, however that ends.
 */
export function spawnPiped(file: string, args: readonly string[]): PipedChild {
  const [program = file, ...words] = existsSync(SETPRIV)
    ? [SETPRIV, '--pdeathsig', 'KILL', '--', file, ...args]
    : [file, ...args];
  const child = spawn(program, words, {cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], detached: true});
  let errorText = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText = (errorText + text).slice(-MAX_ERROR_CHARS);
  });
  let outputEnded = false;
  child.stdout.once('end', () => {
    outputEnded = true;
  });
  return {
    stream: new ChildStream(child),
    ended: endOf(child),
    outputEnded: () => outputEnded,
    errorOutput: () => errorText,
    kill() {
      // Not reaped yet: the number cannot belong to another process.
      const running = child.exitCode === null && child.signalCode === null;
      if (running && child.pid !== undefined && child.pid > 1) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<ChildEnd> {
  return new Promise(resolve => {
    child.once('error', error => resolve({how: 'not started', errno: errnoOf(error) ?? error.message}));
    child.once('close', (code, signal) => {
      resolve(code === null ? {how: 'signal', signal: signal ?? 'unknown'} : {how: 'exit', code});
    });
  });
}

/**
 * The two standard streams of a child as one. Unlike `Duplex.from`, a child that no longer reads
 * does not take away what it has written before.
 */
class ChildStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    child.stdin.on('error', () => {}); // EPIPE: the child has ended, which its output and `ended` tell
    child.stdout.on('error', error => this.destroy(error));
    child.stdout.on('end', () => this.push(null));
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    done(error);
  }
}
