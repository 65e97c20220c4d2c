import {type ChildProcess, spawn} from 'node:child_process';
import {Duplex, type Readable, type Writable} from 'node:stream';
import {errnoOf} from './files.ts';

/** How a child ended, or that it never began. */
export type ChildEnd =
  | {readonly how: 'exit'; readonly code: number}
  | {readonly how: 'signal'; readonly signal: string}
  /** `why` in the system's words. */
  | {readonly how: 'not started'; readonly why: string};

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

/**
 * Between this process and the child: it ends the child's process group, itself too, when the descriptor 3 that this
 * process holds is closed. The kernel does that whenever this process ends, by SIGKILL too, and in whatever moment.
 */
const LIFELINE = '(read -r _ <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@"';

/** What the shell ends with when it cannot start a program. Source: POSIX.1-2017, 2.8.2 Exit Status for Commands. */
const NOT_STARTED: readonly number[] = [126, 127];

/**
 * Starts a program in a process group of its own. Failing to start is told by `ended`. It ends with this program, however
 * that ends, and what it leaves behind when it ends itself is ended with it.
 *
 * @param file  a path; only what `inspectProgramFormat` finds nothing against may be started: a shell starts it
 */
export function spawnPiped(file: string, args: readonly string[]): PipedChild {
  const child = spawn('/bin/sh', ['-c', LIFELINE, 'sh', file, ...args], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const [stdin, stdout, stderr, lifeline] = child.stdio;
  if (!stdin || !stdout || !stderr || !(lifeline instanceof Duplex)) throw new Error('a child without its pipes');
  lifeline.on('error', () => {}); // its other end is closed at once: nothing is ever sent
  child.once('exit', () => lifeline.destroy());
  let errorText = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText = (errorText + text).slice(-MAX_ERROR_CHARS);
  });
  let outputEnded = false;
  stdout.once('end', () => {
    outputEnded = true;
  });
  return {
    stream: new ChildStream(stdin, stdout),
    ended: endOf(child, () => errorText),
    outputEnded: () => outputEnded,
    errorOutput: () => errorText,
    kill() {
      // Not reaped yet: the number cannot belong to another process.
      const running = child.exitCode === null && child.signalCode === null;
      if (running && child.pid !== undefined && child.pid > 1) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

function endOf(child: ChildProcess, errorText: () => string): Promise<ChildEnd> {
  return new Promise(resolve => {
    child.once('error', error => resolve({how: 'not started', why: errnoOf(error) ?? error.message}));
    child.once('close', (code, signal) => {
      if (code === null) resolve({how: 'signal', signal: signal ?? 'unknown'});
      else if (NOT_STARTED.includes(code))
        resolve({how: 'not started', why: shellsWords(errorText()) ?? `status ${code}`});
      else resolve({how: 'exit', code});
    });
  });
}

/** Of `sh: 1: exec: /usr/bin/x: not found` the end. */
function shellsWords(errorText: string): string | undefined {
  return /exec: .*: ([^:\n]+)$/m.exec(errorText)?.[1]?.toLowerCase();
}

/**
 * The two standard streams of a child as one. Unlike `Duplex.from`, a child that no longer reads
 * does not take away what it has written before.
 */
class ChildStream extends Duplex {
  readonly #stdin: Writable;
  readonly #stdout: Readable;

  constructor(stdin: Writable, stdout: Readable) {
    super();
    this.#stdin = stdin;
    this.#stdout = stdout;
    stdin.on('error', () => {}); // EPIPE: the child has ended, which its output and `ended` tell
    stdout.on('error', error => this.destroy(error));
    stdout.on('end', () => this.push(null));
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
  }

  override _read(): void {
    this.#stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stdin.destroy();
    this.#stdout.destroy();
    done(error);
  }
}
