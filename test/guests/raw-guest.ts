import {type ChildProcess, spawn} from 'node:child_process';
import {Writable} from 'node:stream';

/** An emulator with its serial line on pipes and a text monitor, for tests of the guests themselves. */
export class RawGuest {
  readonly #process: ChildProcess;
  readonly #waiters = new Set<() => void>();
  readonly exited: Promise<number | null>;
  #output = '';
  /** Where the next `see` starts to look. */
  #seenUntil = 0;
  #isOver = false;

  constructor(emulator: string, args: readonly string[]) {
    const common = ['-nodefaults', '-display', 'none', '-accel', 'tcg', '-serial', 'stdio'];
    const monitor = ['-chardev', 'socket,id=monitor,fd=3', '-mon', 'chardev=monitor'];
    this.#process = spawn(emulator, [...common, ...monitor, ...args], {stdio: ['pipe', 'pipe', 'inherit', 'pipe']});
    this.#process.stdout?.setEncoding('latin1').on('data', (text: string) => {
      this.#output += text;
      this.#wake();
    });
    this.exited = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', status => {
        this.#isOver = true;
        this.#wake();
        resolve(status);
      });
    });
  }

  /** Number of bytes that the guest has printed. */
  get printed(): number {
    return this.#output.length;
  }

  /** Ends when the text was printed after what was seen before; the test's time limit is the deadline. */
  async see(text: string): Promise<void> {
    for (;;) {
      const at = this.#output.indexOf(text, this.#seenUntil);
      if (at >= 0) {
        this.#seenUntil = at + text.length;
        return;
      }
      if (this.#isOver) throw new Error(`the guest ended without printing ${JSON.stringify(text)}: ${this.#tail()}`);
      await new Promise<void>(resolve => this.#waiters.add(resolve));
    }
  }

  /** Types, and waits for what is to be printed. */
  async say(keys: string, expected: string): Promise<void> {
    this.#process.stdin?.write(keys, 'latin1');
    await this.see(expected);
  }

  /** Runs a command of QEMU's text monitor. */
  monitor(command: string): void {
    const channel = this.#process.stdio[3];
    if (!(channel instanceof Writable)) throw new Error('the monitor cannot be written to');
    channel.write(`${command}\n`);
  }

  /** Ends the emulator without asking. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
    this.#waiters.clear();
  }

  #tail(): string {
    return JSON.stringify(this.#output.slice(-200));
  }
}
