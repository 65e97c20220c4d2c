import {readFileSync} from 'node:fs';
import xterm from '@xterm/headless';
import {type PtyProcess, spawn} from 'node-pty';
import {within} from './deadline.ts';
import {cpuNsOf, workingPid} from './process-cost.ts';

const COLUMNS = 120;
const ROWS = 40;
const DEADLINE_MS = 20_000;

/** A program on a terminal of 120x40: what it writes is counted, and shown on an emulated screen. */
export class ScreenSession {
  /** When it was spawned, as `performance.now()`. */
  readonly startedAt = performance.now();
  /** Bytes written to the terminal so far. */
  bytes = 0;
  readonly #pty: PtyProcess;
  readonly #terminal = new xterm.Terminal({cols: COLUMNS, rows: ROWS, allowProposedApi: true, logLevel: 'off'});
  readonly #exited: Promise<void>;
  #check: () => void = () => {};

  constructor([file, ...args]: readonly [string, ...string[]]) {
    const {CI: _, ...env} = process.env; // Ink draws nothing under CI
    this.#pty = spawn(file, args, {
      cols: COLUMNS,
      rows: ROWS,
      env: {...env, TERM: 'xterm-256color'},
      encoding: null,
    });
    this.#exited = new Promise(resolve => this.#pty.onExit(() => resolve()));
    this.#terminal.onData(reply => this.#pty.write(reply));
    this.#pty.onData(data => {
      this.bytes += Buffer.byteLength(data);
      this.#terminal.write(data, () => this.#check());
    });
  }

  /** The screen as lines, without trailing blanks. */
  text(): string {
    const {active} = this.#terminal.buffer;
    const lines = Array.from(
      {length: ROWS},
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
    return lines.join('\n');
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /**
   * Waits until the screen satisfies a condition, looking after every write to it.
   *
   * @param what  for the error, e.g. `the list of domains`
   * @returns `performance.now()` when it did; @throws {Error} with the screen after 20 s
   */
  async waitFor(what: string, condition: (text: string) => boolean): Promise<number> {
    const {promise, resolve, reject} = Promise.withResolvers<number>();
    const deadline = setTimeout(
      () => reject(new Error(`no ${what} after 20 s; the screen:\n${this.text()}`)),
      DEADLINE_MS,
    );
    this.#check = () => {
      if (condition(this.text())) resolve(performance.now());
    };
    this.#check();
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      this.#check = () => {};
    }
  }

  /** The process that draws. */
  get drawingPid(): number {
    return workingPid(this.#pty.pid);
  }

  /** Processor time used by it so far, in nanoseconds, over all its threads. */
  cpuNs(): number {
    return cpuNsOf(this.drawingPid);
  }

  residentKiB(): number {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.drawingPid}/status`, 'utf8'))?.[1]);
  }

  /** Asks the program to end, as a lost line does, and waits for it; one that does not end is killed. @throws {Error} then */
  async close(): Promise<void> {
    const {drawingPid} = this;
    this.#pty.kill('SIGTERM');
    try {
      await within(DEADLINE_MS, 'the end of the screen', this.#exited);
    } catch (error) {
      process.kill(drawingPid, 'SIGKILL');
      throw error;
    } finally {
      this.#terminal.dispose();
    }
  }
}
