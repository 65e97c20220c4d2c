import {closeSync, openSync, readFileSync, writeFileSync, writeSync} from 'node:fs';
import {type OpenPty, open} from 'node-pty';
import {GUEST, type Lab, outputOf, timeCommand} from './lab.ts';

/** The guest's line as the bench sees it: a pty for what is typed, and a log that is written as QEMU writes it. */
export class BenchLine {
  readonly #pty: OpenPty;
  readonly #log: number;
  /** Called with what was typed. */
  onTyped: (bytes: Buffer) => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  private constructor(pty: OpenPty, logPath: string) {
    this.#pty = pty;
    this.#log = openSync(logPath, 'a');
    pty.slave.setRawMode(true);
    pty.master.on('data', (chunk: string | Buffer) => this.onTyped(Buffer.from(chunk)));
  }

  /** Starts the lab's guest, and puts a line of the bench's own in the place of its serial line for whoever looks next. */
  static async open(lab: Lab): Promise<BenchLine> {
    await timeCommand(lab.command('start', GUEST));
    const uuid = (await outputOf(lab.command('domuuid', GUEST))).trim();
    const statusPath = `${lab.root}/run/${uuid}/status.json`;
    const status = JSON.parse(readFileSync(statusPath, 'utf8')) as {consoles: {pty: string; log: string}[]};
    const logPath = `${lab.root}/log/bench-line.log`;
    writeFileSync(logPath, '');
    const pty = open({cols: 80, rows: 24, encoding: null});
    for (const console of status.consoles) Object.assign(console, {pty: pty.ptsName, log: logPath});
    writeFileSync(statusPath, JSON.stringify(status));
    return new BenchLine(pty, logPath);
  }

  /** The guest prints. */
  print(bytes: Uint8Array): void {
    writeSync(this.#log, bytes);
  }

  /** Prints so much a second until told otherwise. @param chunk  what is printed next, of `bytes` length */
  flood(bytesPerSecond: number, chunk: (bytes: number) => Uint8Array): void {
    const start = performance.now();
    let printed = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - start) / 1000) * bytesPerSecond) - printed;
      printed += due;
      writeSync(this.#log, chunk(due));
    }, FLOOD_TICK_MS);
  }

  stopFlood(): void {
    clearInterval(this.#timer);
  }

  async close(lab: Lab): Promise<void> {
    this.stopFlood();
    closeSync(this.#log);
    this.#pty.master.destroy();
    this.#pty.slave.destroy();
    await timeCommand(lab.command('destroy', GUEST));
  }
}

const FLOOD_TICK_MS = 5;
