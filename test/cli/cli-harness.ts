import {once} from 'node:events';
import {PassThrough, Writable} from 'node:stream';
import {type Disposable, disposable} from '../../src/base/disposable.ts';
import {Emitter} from '../../src/base/emitter.ts';
import {CliIo, type InputStream, type OutputStream, type TerminalSignal} from '../../src/cli/cli-io.ts';
import type {Access} from '../../src/cli/connect.ts';
import type {ExitStatus} from '../../src/cli/report-error.ts';
import {runCli} from '../../src/cli/run-cli.ts';
import type {Hypervisor} from '../../src/model/hypervisor.ts';
import {formatUri} from '../../src/model/uri.ts';

/** An input that can be a terminal: it remembers whether it is in raw mode. */
export class TestInput extends PassThrough implements InputStream {
  readonly isTTY: boolean;
  raw = false;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(on: boolean): void {
    this.raw = on;
  }
}

/** An output that keeps what was written; between `stall` and `unstall` it takes nothing, as a slow line. */
export class TestOutput extends Writable implements OutputStream {
  readonly isTTY: boolean;
  text = '';
  #stalled = false;
  #failure: Error | undefined;
  #blocked: (() => void) | undefined;
  readonly #writtenEmitter = new Emitter<string>();

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error) => void): void {
    const take = () => {
      this.text += chunk.toString();
      this.#writtenEmitter.emit(this.text);
      callback();
    };
    if (this.#failure) callback(this.#failure);
    else if (this.#stalled) this.#blocked = take;
    else take();
  }

  /** From now on every write fails. */
  fail(error: Error): void {
    this.#failure = error;
  }

  stall(): void {
    this.#stalled = true;
  }

  unstall(): void {
    this.#stalled = false;
    this.#blocked?.();
  }

  /** Settled once so much was written. */
  shows(text: string): Promise<void> {
    if (this.text.includes(text)) return Promise.resolve();
    const {promise, resolve} = Promise.withResolvers<void>();
    const subscription = this.#writtenEmitter.on(written => {
      if (!written.includes(text)) return;
      subscription.dispose();
      resolve();
    });
    return promise;
  }
}

/** One run of the program, in memory: its streams, its clock and its signals are the test's. */
export class CliHarness {
  readonly stdin: TestInput;
  readonly stdout: TestOutput;
  readonly stderr: TestOutput;
  readonly io: CliIo;
  /** What was opened, as `URI access`. */
  readonly opened: string[] = [];
  readonly #hypervisor: Hypervisor | undefined;
  readonly #timers = new Set<{readonly delayMs: number; readonly callback: () => void}>();
  readonly #timerSet = Promise.withResolvers<void>();
  readonly #signalHandlers = new Set<(signal: TerminalSignal) => void>();

  constructor(
    options: {
      readonly hypervisor?: Hypervisor;
      readonly terminal?: boolean;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ) {
    const isTTY = options.terminal ?? false;
    this.#hypervisor = options.hypervisor;
    this.stdin = new TestInput(isTTY);
    this.stdout = new TestOutput(isTTY);
    this.stderr = new TestOutput(isTTY);
    this.io = new CliIo({
      stdin: this.stdin,
      stdout: this.stdout,
      stderr: this.stderr,
      env: options.env ?? {},
      cwd: '/somewhere',
      after: (delayMs, callback) => this.#addTimer(delayMs, callback),
      keepLineEnds: () => {
        if (!this.stdin.raw) throw new Error('line ends are kept in raw mode only');
      },
      onSignal: (_, handle) => {
        this.#signalHandlers.add(handle);
        return disposable(() => this.#signalHandlers.delete(handle));
      },
    });
  }

  /** Runs one command line. */
  run(...argv: readonly string[]): Promise<ExitStatus> {
    return runCli(argv, {
      io: this.io,
      version: '9.9.9',
      open: async (address, {access}) => this.#open(formatUri(address), access),
    });
  }

  /** Settled once the program reads its input: it is attached then. */
  async reads(input: TestInput): Promise<void> {
    if (!input.readableFlowing) await once(input, 'resume');
  }

  /** Waits until a timer is set, then lets it run out at once. @returns its delay in milliseconds */
  async elapse(): Promise<number> {
    if (this.#timers.size === 0) await this.#timerSet.promise;
    const [timer] = this.#timers;
    if (!timer) throw new Error('the timer was cancelled before it could run out');
    this.#timers.delete(timer);
    timer.callback();
    return timer.delayMs;
  }

  /** Sends a signal; fails when nobody listens. */
  signal(signal: TerminalSignal): void {
    if (this.#signalHandlers.size === 0) throw new Error(`nobody listens to ${signal}`);
    for (const handle of [...this.#signalHandlers]) handle(signal);
  }

  #open(uri: string, access: Access): Hypervisor {
    this.opened.push(`${uri} ${access}`);
    if (!this.#hypervisor) throw new Error('the test gave no hypervisor to open');
    return this.#hypervisor;
  }

  #addTimer(delayMs: number, callback: () => void): Disposable {
    const timer = {delayMs, callback};
    this.#timers.add(timer);
    this.#timerSet.resolve();
    return disposable(() => this.#timers.delete(timer));
  }
}
