import {EventEmitter} from 'node:events';
import xterm from '@xterm/headless';
import type {EditText} from '../../src/app/edit-text.ts';
import type {Picture} from '../../src/base/picture.ts';
import {encodePng} from '../../src/host/encode-png.ts';
import type {Hypervisor} from '../../src/model/hypervisor.ts';
import type {Environment} from '../../src/ui/theme.ts';
import {runScreen, type TerminalStdout} from '../../src/views/run-screen.tsx';

const DEADLINE_MS = 4000;

export interface OpenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Environment;
  readonly startCommand?: string;
  readonly readTextFile?: (path: string) => Promise<string>;
  readonly listFiles?: (path: string) => Promise<readonly string[]>;
  readonly writeNewFile?: (path: string, text: string) => Promise<string>;
  readonly savePicture?: (picture: Picture, domain: string) => Promise<string>;
  readonly editText?: EditText;
}

/** A terminal in memory: what is typed into it, and an emulator that shows what the screen writes. */
class MemoryTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  isRaw = false;
  writableNeedDrain = false;
  bytes = 0;
  /** What was drawn as one, between the marks of DEC mode 2026. */
  frames = 0;
  /** All that was written. */
  output = '';
  readonly emulator: xterm.Terminal;

  constructor(columns: number, rows: number) {
    super();
    this.emulator = new xterm.Terminal({
      cols: columns,
      rows,
      convertEol: true,
      allowProposedApi: true,
      logLevel: 'off',
    });
  }

  get columns(): number {
    return this.emulator.cols;
  }

  get rows(): number {
    return this.emulator.rows;
  }

  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    this.bytes += Buffer.byteLength(chunk);
    this.output += chunk.toString();
    if (chunk.toString().includes('\x1b[?2026h')) this.frames += 1;
    const done = rest.find((it): it is () => void => typeof it === 'function');
    this.emulator.write(chunk, () => {
      done?.();
      this.emit('shown');
    });
    return !this.writableNeedDrain;
  }

  end(): this {
    return this;
  }

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  resume(): void {}
  pause(): void {}

  text(): string {
    const {buffer, rows} = this.emulator;
    const lines = Array.from({length: rows}, (_, y) => buffer.active.getLine(buffer.active.baseY + y));
    return lines.map(line => line?.translateToString(true) ?? '').join('\n');
  }
}

/** The whole screen in this process, over any hypervisor. */
export class OpenScreen {
  readonly terminal: MemoryTerminal;
  readonly ended: Promise<void>;

  constructor(hypervisor: Hypervisor, options: OpenOptions = {}) {
    const {columns = 80, rows = 24, env = {LANG: 'C.UTF-8', TERM: 'xterm-256color'}, startCommand} = options;
    this.terminal = new MemoryTerminal(columns, rows);
    this.ended = runScreen({
      hypervisor,
      stdin: this.terminal,
      // Ink and the screen use no more of a stream than the class has.
      stdout: this.terminal as unknown as TerminalStdout,
      env,
      version: '0.0.0',
      now: Date.now,
      readTextFile: options.readTextFile ?? (path => Promise.reject(new Error(`no file ${path}`))),
      listFiles: options.listFiles ?? (() => Promise.resolve([])),
      writeNewFile: options.writeNewFile ?? (path => Promise.reject(new Error(`${path} cannot be written`))),
      savePicture: options.savePicture ?? (() => Promise.reject(new Error('no picture can be saved'))),
      encodePng,
      editText: options.editText ?? (() => Promise.reject(new Error('the test gave no editor'))),
      ...(startCommand === undefined ? {} : {startCommand}),
    });
  }

  get text(): string {
    return this.terminal.text();
  }

  /** Types bytes as the user's terminal sends them. */
  type(keys: string): void {
    this.terminal.emit('data', Buffer.from(keys));
  }

  resize(columns: number, rows: number): void {
    this.terminal.emulator.resize(columns, rows);
    this.terminal.emit('resize');
  }

  /** Waits until the screen shows something. @throws {Error} with the screen, after the deadline */
  async see(what: string | RegExp): Promise<void> {
    const isThere = () => (typeof what === 'string' ? this.text.includes(what) : what.test(this.text));
    await this.until(isThere, `${what}`);
  }

  /** Waits until the screen no longer shows something. */
  async seeNo(what: string): Promise<void> {
    await this.until(() => !this.text.includes(what), `no ${what}`);
  }

  /** Waits for a condition, looked at whenever something was shown. */
  async until(isTrue: () => boolean, what: string): Promise<void> {
    if (isTrue()) return;
    const {promise, resolve, reject} = Promise.withResolvers<void>();
    const fail = () => reject(new Error(`waited in vain for ${what}; the screen:\n${this.text}`));
    const timer = setTimeout(fail, DEADLINE_MS);
    const look = () => {
      if (isTrue()) resolve();
    };
    this.terminal.on('shown', look);
    await promise.finally(() => {
      clearTimeout(timer);
      this.terminal.off('shown', look);
    });
  }

  async quit(): Promise<void> {
    this.type('q');
    await this.ended;
  }
}
