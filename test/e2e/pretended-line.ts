import {closeSync, openSync, readFileSync, writeFileSync, writeSync} from 'node:fs';
import {type OpenPty, open} from 'node-pty';
import type {Instance} from './instance.ts';

/** The test in a running guest's place on its first serial line: a pty for what is typed, a log as QEMU writes it. */
export class PretendedLine {
  /** What the guest was sent, as Latin-1. */
  typed = '';
  readonly #pty: OpenPty;
  readonly #log: number;

  private constructor(pty: OpenPty, logPath: string) {
    this.#pty = pty;
    this.#log = openSync(logPath, 'a');
    pty.slave.setRawMode(true);
    pty.master.on('data', (chunk: string | Buffer) => {
      this.typed += Buffer.from(chunk).toString('latin1');
    });
  }

  /** Whoever looks at the domain next sees this line. */
  static replace(instance: Instance, domain: string): PretendedLine {
    const uuid = instance.do('domuuid', domain).trim();
    const statusPath = instance.root.join('run', uuid, 'status.json');
    const status = JSON.parse(readFileSync(statusPath, 'utf8')) as {consoles: {pty: string; log: string}[]};
    const logPath = instance.root.join('log', 'pretended-line.log');
    writeFileSync(logPath, '');
    const pty = open({cols: 80, rows: 24, encoding: null});
    for (const console of status.consoles) Object.assign(console, {pty: pty.ptsName, log: logPath});
    writeFileSync(statusPath, JSON.stringify(status));
    return new PretendedLine(pty, logPath);
  }

  /** The guest prints: text as UTF-8. */
  print(text: string | Uint8Array): void {
    writeSync(this.#log, Buffer.from(text));
  }

  close(): void {
    closeSync(this.#log);
    this.#pty.master.destroy();
    this.#pty.slave.destroy();
  }
}
