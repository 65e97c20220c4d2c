import type {Duplex} from 'node:stream';
import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import {VirtError} from '../base/virt-error.ts';
import {
  HMP_PROMPT,
  HmpAnswerReader,
  type HmpProgress,
  type HmpQuestion,
  openQuestion,
  readHmpGreeting,
} from './hmp-answer.ts';
import {limited} from './limited.ts';
import {TextRows} from './text-rows.ts';

export interface HmpCallOptions {
  /** A monitor that does not answer in this time, counted from the moment it was sent the command, is taken for hung. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What is answered when the monitor asks for a password. */
  readonly password?: string;
  /** What is answered when it asks `(y/n)`; without it the answer is no. */
  readonly confirm?: boolean;
  /** True for what ends the emulator: the end of the connection is an answer then. */
  readonly endsEmulator?: boolean;
}

/** What was sent and waits for its answer. */
interface Call {
  readonly command: string;
  readonly options: HmpCallOptions;
  readonly reader: HmpAnswerReader;
  /** What the monitor said before its questions were answered. */
  readonly said: string;
  readonly questions: number;
  /** Why the call fails although the monitor will have answered. */
  readonly refused?: VirtError;
  settle(result: {readonly text: string} | {readonly error: VirtError}): void;
}

type ClientState =
  | {readonly is: 'connecting'}
  | {readonly is: 'ready'}
  | {readonly is: 'closed'; readonly error: VirtError};

const DEFAULT_TIMEOUT_MS = 30_000;
/** Of a command: its echo has half its square in bytes. QEMU's own limit is 4095 (readline.h, READLINE_CMD_BUF_SIZE). */
const MAX_COMMAND_BYTES = 2048;
/** libvirt's limit for one answer. Source: libvirt 9.0.0, src/qemu/qemu_monitor.c, QEMU_MONITOR_MAX_RESPONSE. */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** How long nothing may follow what looks like the end and need not be it. */
const SETTLE_MS = 60;
/** So often a call answers questions; a monitor that asks on is left to its time limit. */
const MAX_QUESTIONS = 3;
/** So many rows are kept of what comes while nothing was asked. */
const IDLE_ROWS = 50;
/** An emulator up to 0.9.1 says nothing to a second client until it is written to; one of 0.10 takes up to 1.1 s to greet. */
const SILENCE_MS = 1_500;

/**
 * One connection to a text monitor (HMP), for emulators without QMP and for whoever wants the text. Commands are sent one
 * after the other, each when the one before is answered or given up, and every call is settled: by its answer, its time
 * limit, its signal, or the end of the connection.
 *
 * The monitor redraws its line at every character that it is sent, so nothing but the row with the whole command says where
 * an answer begins. That row also keeps what came too late for a command before from being taken for this one's answer.
 *
 * @see QEMU 0.8.1 to 0.15, monitor.c and readline.c
 */
export class HmpClient implements Disposable {
  readonly #stream: Duplex;
  readonly #rows: TextRows;
  readonly #closedEmitter = new Emitter<VirtError>();
  readonly #greeting = Promise.withResolvers<string>();
  #state: ClientState = {is: 'connecting'};
  #queue: Promise<unknown> = Promise.resolve();
  #call: Call | undefined;
  /** Commands that were given up and may be answered yet. */
  #givenUp = 0;
  #settleTimer: NodeJS.Timeout | undefined;

  constructor(stream: Duplex, options: {readonly maxAnswerBytes?: number} = {}) {
    this.#stream = stream;
    this.#rows = new TextRows(options.maxAnswerBytes ?? MAX_ANSWER_BYTES);
    this.#greeting.promise.catch(() => {}); // told to whoever waits for it; nobody may be there
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error: Error) => this.#close(`its monitor connection failed: ${error.message}`));
    stream.on('end', () => this.#close('its monitor closed the connection'));
    stream.on('close', () => this.#close('its monitor closed the connection'));
  }

  get state(): ClientState['is'] {
    return this.#state.is;
  }

  /** What the monitor waits for instead of a command, e.g. the password of an encrypted disk. */
  get question(): HmpQuestion | undefined {
    return this.#call ? undefined : openQuestion(this.#rows);
  }

  /** Told once, when the connection has ended for whatever reason; soon, when it has ended before. */
  onClosed(listener: (error: VirtError) => void): Disposable {
    const state = this.#state;
    if (state.is === 'closed') queueMicrotask(() => listener(state.error));
    return this.#closedEmitter.on(listener);
  }

  /**
   * Waits until the monitor takes commands. One that stays silent is sent an empty line.
   *
   * @returns what it said before its first prompt, mostly a banner with its version
   * @throws {VirtError} OPERATION_TIMEOUT, OPERATION_ABORTED by the signal, OPERATION_FAILED when the connection ends before
   */
  async waitForPrompt(options: Pick<HmpCallOptions, 'timeoutMs' | 'signal'> = {}): Promise<string> {
    const nudge = setTimeout(() => {
      if (this.#state.is === 'connecting') this.#stream.write('\r');
    }, SILENCE_MS);
    try {
      return await this.#limited(this.#greeting.promise, 'its first prompt', options);
    } finally {
      clearTimeout(nudge);
    }
  }

  /**
   * Runs one command.
   *
   * @param command  one line; what the monitor cannot be told apart from it (control characters) is refused
   * @returns what it printed, with `\n` after each row, empty for most commands that succeed: failures are text, too
   * @throws {VirtError} INVALID_ARG for what is no command line, OPERATION_INVALID when it asks for a password that was not given, or
   * waits for an answer to something else (`question`), OPERATION_TIMEOUT, OPERATION_ABORTED by the signal,
   * OPERATION_FAILED when the connection ended
   */
  execute(command: string, options: HmpCallOptions = {}): Promise<string> {
    checkLine(command, 'command');
    return this.#enqueue(async () => {
      const {question} = this;
      if (question) throw waitsForAnswer(command, question);
      // Spaces before a command mean nothing to the monitor, and make its echo another than that of one given up.
      const line = ' '.repeat(this.#givenUp) + command;
      return this.#run({command, line, echo: line, options});
    });
  }

  /**
   * Answers what the monitor asks by itself (`question`), e.g. for the password of the disk that is booted.
   *
   * @returns what it says to that
   * @throws {VirtError} as `execute`
   */
  answerQuestion(reply: string, options: HmpCallOptions = {}): Promise<string> {
    checkLine(reply, 'reply');
    return this.#enqueue(async () => {
      const echo = this.question?.for === 'password' ? stars(reply) : reply;
      return this.#run({command: 'the answer to its question', line: reply, echo, options});
    });
  }

  dispose(): void {
    this.#close('the connection was closed');
  }

  #enqueue(job: () => Promise<string>): Promise<string> {
    const result = this.#queue.then(job);
    this.#queue = result.catch(() => {}); // told to its caller; the next command does not depend on it
    return result;
  }

  async #run(job: {
    readonly command: string;
    readonly line: string;
    readonly echo: string;
    readonly options: HmpCallOptions;
  }): Promise<string> {
    const {command, line, echo, options} = job;
    if (this.#state.is === 'closed') throw this.#state.error;
    if (options.signal?.aborted) throw givenUp(command);
    const {promise, resolve, reject} = Promise.withResolvers<string>();
    const settle: Call['settle'] = result => ('error' in result ? reject(result.error) : resolve(result.text));
    this.#send({command, options, said: '', questions: 0, settle}, line, echo);
    try {
      const text = await this.#limited(promise, `'${command}'`, options);
      this.#givenUp = 0;
      return text;
    } catch (error) {
      if (this.#call) this.#givenUp += 1;
      throw error;
    } finally {
      this.#call = undefined;
      this.#cancelSettling();
    }
  }

  /** Writes a line of a call and reads on from there. */
  #send(call: Omit<Call, 'reader'>, line: string, echo: string): void {
    this.#rows.clear();
    this.#call = {...call, reader: new HmpAnswerReader(this.#rows, Buffer.from(echo).toString('latin1'))};
    this.#stream.write(`${line}\r`);
  }

  #receive(chunk: Buffer): void {
    if (this.#state.is === 'closed') return;
    this.#cancelSettling();
    if (!this.#rows.push(chunk)) {
      this.#close('its monitor sent more than one answer may be');
      return;
    }
    if (this.#state.is === 'connecting') this.#handleProgress(readHmpGreeting(this.#rows));
    else if (this.#call) this.#handleProgress(this.#call.reader.read());
    else this.#rows.keepNewest(IDLE_ROWS);
  }

  #handleProgress(progress: HmpProgress): void {
    if (progress.is === 'open') return;
    if (progress.sure) this.#advance(progress);
    else this.#settleTimer = setTimeout(() => this.#advance(progress), SETTLE_MS);
  }

  #cancelSettling(): void {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = undefined;
  }

  #advance(progress: Exclude<HmpProgress, {is: 'open'}>): void {
    if (this.#state.is === 'connecting') {
      this.#state = {is: 'ready'};
      this.#greeting.resolve(progress.is === 'asked' ? progress.question.text : progress.text);
      this.#rows.keepNewest(0);
      return;
    }
    const call = this.#call;
    if (!call) return;
    if (progress.is === 'asked') {
      this.#answer(call, progress.question);
      return;
    }
    this.#call = undefined;
    call.settle(call.refused ? {error: call.refused} : {text: call.said + progress.text});
  }

  /** A monitor that asks takes no command before it has its answer: one that nobody gave is a no, or no password. */
  #answer(call: Call, question: HmpQuestion): void {
    const questions = call.questions + 1;
    if (questions > MAX_QUESTIONS) return;
    const {password, confirm} = call.options;
    if (question.for === 'confirmation') {
      const reply = confirm ? 'y' : 'n';
      this.#send({...call, questions, said: `${call.said}${question.text}\n`}, reply, reply);
      return;
    }
    const refused = password === undefined ? {refused: wantsPassword(call.command, question)} : {};
    this.#send({...call, questions, ...refused}, password ?? '', stars(password ?? ''));
  }

  #limited<T>(promise: Promise<T>, what: string, {timeoutMs = DEFAULT_TIMEOUT_MS, signal}: HmpCallOptions): Promise<T> {
    const tooLong = () => tooLate(what, timeoutMs, this.#rows);
    return limited(promise, {timeoutMs, signal, tooLate: tooLong, givenUp: () => givenUp(what)});
  }

  #close(why: string): void {
    if (this.#state.is === 'closed') return;
    const error = new VirtError('OPERATION_FAILED', 'QEMU', `the emulator cannot be reached: ${why}`);
    this.#state = {is: 'closed', error};
    this.#cancelSettling();
    this.#greeting.reject(error);
    const call = this.#call;
    this.#call = undefined;
    call?.settle(call.options.endsEmulator ? {text: call.said} : {error});
    this.#stream.destroy();
    this.#closedEmitter.emit(error);
  }
}

/** @throws {VirtError} INVALID_ARG for what is more than one line, or would be taken for editing keys */
function checkLine(line: string, what: string): void {
  const control = /[\x00-\x1f\x7f]/.exec(line)?.[0];
  if (control !== undefined) {
    const code = control.charCodeAt(0).toString(16).padStart(2, '0');
    const message = `cannot send the monitor a ${what} with the control character 0x${code}`;
    throw new VirtError('INVALID_ARG', 'QEMU', message, {hint: 'send one line at a time, without tabs'});
  }
  const sizeBytes = Buffer.byteLength(line);
  if (sizeBytes > MAX_COMMAND_BYTES) {
    const message = `cannot send the monitor a ${what} of ${sizeBytes} bytes: at most ${MAX_COMMAND_BYTES} are possible`;
    throw new VirtError('INVALID_ARG', 'QEMU', message);
  }
}

function waitsForAnswer(command: string, question: HmpQuestion): VirtError {
  const message = `cannot send the monitor '${command}': it waits for an answer first`;
  return new VirtError('OPERATION_INVALID', 'QEMU', message, {detail: question.text.split('\n')});
}

function wantsPassword(command: string, question: HmpQuestion): VirtError {
  const message = `the monitor asks for a password, and '${command}' came without one`;
  return new VirtError('OPERATION_INVALID', 'QEMU', message, {detail: question.text.split('\n')});
}

/** How the monitor shows what is typed where it asks for a password. */
function stars(text: string): string {
  return '*'.repeat(Buffer.byteLength(text));
}

function givenUp(what: string): VirtError {
  return new VirtError('OPERATION_ABORTED', 'QEMU', `waiting for the emulator's answer to ${what} was given up`);
}

function tooLate(what: string, timeoutMs: number, rows: TextRows): VirtError {
  const message = `the emulator's monitor did not answer ${what} within ${timeoutMs} ms`;
  const said = [...rows.ended, rows.current].filter(row => row.trim() !== '' && row !== HMP_PROMPT).slice(-5);
  return new VirtError('OPERATION_TIMEOUT', 'QEMU', message, {detail: said});
}
