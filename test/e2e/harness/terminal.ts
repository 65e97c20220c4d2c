import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import xterm from '@xterm/headless';
import {type PtyProcess, spawn} from 'node-pty';
import {CursorVisibility} from '../../../src/ui/terminal/cursor-visibility.ts';
import {type Key, keySequence} from './keys.ts';
import {sessionProcesses} from './session-processes.ts';

const DEADLINE_MS = 15_000;

/** Runs the program as a shell would, and writes the terminal's modes of before and after into a file. */
const SHELL = `before=$(stty -g); "$@"; status=$?; printf '%s\\n%s\\n' "$before" "$(stty -g)" >"$MODES_FILE"; exit $status`;

/** Variables of the test run that would change what the program does. */
const NOT_PASSED_ON = [
  'CI',
  'VITEST',
  'NODE_ENV',
  'NO_COLOR',
  'FORCE_COLOR',
  'COLORTERM',
  'TMUX',
  'TERM_PROGRAM',
  'LC_TERMINAL',
  'VIRTTY_GRAPHICS',
  'STY',
  'LC_ALL',
  'NODE_OPTIONS',
];

export interface TerminalOptions {
  /** Default 120. */
  readonly columns?: number;
  /** Default 40. */
  readonly rows?: number;
  readonly cwd?: string;
  /** False leaves the answers to what the program asks a terminal to the test; default true. */
  readonly answers?: boolean;
  /** Added to a plain environment with UTF-8 and 256 colours; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * A terminal that runs one program, for end-to-end tests: a real pty, an emulator as the screen, keys, and waiting for
 * what the screen shows. Every wait wakes up when the program has written something, and has a deadline.
 */
export class TestTerminal {
  /** The emulator: its buffer is the screen. */
  readonly screen: xterm.Terminal;
  /** The program's exit status; 128 and the signal's number when a signal ended it. */
  readonly exited: Promise<number>;
  readonly #pty: PtyProcess;
  readonly #cursor: CursorVisibility;
  readonly #directory = mkdtempSync(join(tmpdir(), 'virtty-terminal-'));
  readonly #checks = new Set<() => void>();
  readonly #raw: Buffer[] = [];
  #bytesWritten = 0;
  #exitStatus: number | undefined;

  constructor(command: string, args: readonly string[], options: TerminalOptions = {}) {
    const {columns: cols = 120, rows = 40} = options;
    this.screen = new xterm.Terminal({cols, rows, scrollback: 1000, allowProposedApi: true, logLevel: 'off'});
    this.#cursor = new CursorVisibility(this.screen);
    this.#pty = spawn('/bin/sh', ['-c', SHELL, 'sh', command, ...args], {
      cols,
      rows,
      name: 'xterm-256color',
      encoding: null,
      cwd: options.cwd ?? process.cwd(),
      env: {...plainEnvironment(options.env), MODES_FILE: this.#modesFile},
    });
    this.#pty.onData(data => this.#handleOutput(Buffer.from(data)));
    if (options.answers !== false) this.screen.onData(reply => this.#pty.write(reply));
    this.screen.onWriteParsed(() => this.#check());
    this.exited = new Promise(resolve =>
      this.#pty.onExit(({exitCode, signal}) => this.#handleExit(signal ? 128 + signal : exitCode, resolve)),
    );
  }

  /** The screen as text: rows without trailing blanks, without empty rows at the end. */
  text(): string {
    const {active} = this.screen.buffer;
    const rows = Array.from({length: this.screen.rows}, (_, row) => active.getLine(active.baseY + row));
    return rows
      .map(line => line?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  }

  /** Everything the program has written, escape sequences included. */
  raw(): string {
    return Buffer.concat(this.#raw).toString('utf8');
  }

  /** Bytes that the program has written to the terminal. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** The program and what it runs in the foreground, parents first; emulators that it detached are not among them. */
  processes(): readonly number[] {
    return sessionProcesses(this.#pty.pid);
  }

  /** Ends when the screen shows the text. */
  see(text: string | RegExp, deadlineMs?: number): Promise<void> {
    return this.until(() => this.#shows(text), `to see ${text}`, deadlineMs);
  }

  /** Ends when the screen no longer shows the text. */
  notSee(text: string | RegExp, deadlineMs?: number): Promise<void> {
    return this.until(() => !this.#shows(text), `to see no ${text}`, deadlineMs);
  }

  /**
   * Ends when the condition holds; it is asked again whenever the program has written.
   *
   * @param what  after "waited", for the error
   * @throws {Error} with the screen, at the deadline or when the program ended without it
   */
  async until(condition: () => boolean, what: string, deadlineMs = DEADLINE_MS): Promise<void> {
    if (condition()) return;
    const {promise, resolve, reject} = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(this.#failure(`waited ${deadlineMs} ms ${what}`)), deadlineMs);
    const check = () => {
      if (condition()) resolve();
      else if (this.#exitStatus !== undefined)
        reject(this.#failure(`waited ${what}, but the program ended with ${this.#exitStatus}`));
    };
    this.#checks.add(check);
    try {
      check();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#checks.delete(check);
    }
  }

  /** Sends text as if it were typed. */
  type(text: string): void {
    this.#pty.write(text);
  }

  press(...keys: readonly Key[]): void {
    for (const key of keys) this.type(keySequence(key));
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Sends a signal to the program alone, as `kill` does. @throws {Error} when it is not running */
  signal(signal: NodeJS.Signals): void {
    const [program] = this.processes();
    if (program === undefined) throw this.#failure(`cannot send ${signal}: the program is not running`);
    process.kill(program, signal);
  }

  /**
   * What the program left of its modes when it ended; nothing when the terminal is as it was before.
   * Waits for the end of the program, which must not be a hang-up: that takes the terminal away.
   */
  async leftovers(): Promise<readonly string[]> {
    await this.exited;
    const {modes, buffer} = this.screen;
    const [before, after] = readFileSync(this.#modesFile, 'utf8').split('\n');
    const left: readonly (readonly [boolean, string])[] = [
      [buffer.active.type !== 'normal', 'the alternate screen is on'],
      [!this.#cursor.visible, 'the cursor is hidden'],
      [modes.mouseTrackingMode !== 'none', 'the mouse is reported'],
      [modes.bracketedPasteMode, 'bracketed paste is on'],
      [modes.sendFocusMode, 'focus is reported'],
      [modes.applicationCursorKeysMode, 'application cursor keys are on'],
      [!modes.wraparoundMode, 'lines do not wrap'],
      [before !== after, `the terminal's modes were ${before} and are ${after}`],
    ];
    return left.flatMap(([isLeft, what]) => (isLeft ? [what] : []));
  }

  /** Closes the terminal as a lost connection does: the kernel sends SIGHUP, and writing to it fails. */
  hangUp(): void {
    const pty: object = this.#pty;
    if (!('destroy' in pty) || typeof pty.destroy !== 'function')
      throw new Error('this node-pty cannot close a terminal');
    pty.destroy();
  }

  /** Hangs up if the program still runs, and removes what belongs to the terminal. */
  dispose(): void {
    if (this.#exitStatus === undefined) this.hangUp();
    this.screen.dispose();
    rmSync(this.#directory, {recursive: true, force: true});
  }

  get #modesFile(): string {
    return join(this.#directory, 'modes');
  }

  #shows(text: string | RegExp): boolean {
    const screen = this.text();
    return typeof text === 'string' ? screen.includes(text) : text.test(screen);
  }

  #handleOutput(bytes: Buffer): void {
    this.#bytesWritten += bytes.length;
    this.#raw.push(bytes);
    this.screen.write(bytes);
  }

  /** The last output is still being parsed when the program ends: the end is told behind it. */
  #handleExit(status: number, resolve: (status: number) => void): void {
    this.screen.write('', () => {
      this.#exitStatus = status;
      resolve(status);
      this.#check();
    });
  }

  #check(): void {
    for (const check of [...this.#checks]) check();
  }

  #failure(what: string): Error {
    const frame = '-'.repeat(this.screen.cols);
    return new Error(`${what}; the screen:\n${frame}\n${this.text()}\n${frame}`);
  }
}

function plainEnvironment(extra: TerminalOptions['env'] = {}): Record<string, string> {
  const all = {...process.env, ...Object.fromEntries(NOT_PASSED_ON.map(name => [name, undefined]))};
  const merged = {...all, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...extra};
  return Object.fromEntries(
    Object.entries(merged).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
