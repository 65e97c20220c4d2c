import {type Disposable, DisposableStore, disposable} from '../../base/disposable.ts';
import {droppedNote} from '../../base/dropped-note.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {ConsoleChunk, ConsoleStream} from '../../model/hypervisor.ts';
import type {CliIo, TerminalSignal} from '../cli-io.ts';
import type {EscapeKey} from './escape-key.ts';
import {QueryFilter} from './query-filter.ts';
import {RESET_TERMINAL} from './terminal-guard.ts';

/** Why an attachment ended. */
export type AttachEnd =
  /** The escape key. */
  | {readonly is: 'left'}
  /** The guest went off, and is not waited for. */
  | {readonly is: 'ended'}
  /** The input was at its end, and the guest silent since. */
  | {readonly is: 'input ended'}
  /** Nobody reads the output any more. */
  | {readonly is: 'output closed'}
  | {readonly is: 'signal'; readonly signal: TerminalSignal};

/** How long a guest must have been silent after the end of the input. */
const SILENCE_MS = 1000;

export interface AttachOptions {
  readonly escapeKey: EscapeKey;
  /** How a guest that is off is waited for; absent where it ends the attachment. */
  readonly waiting?: Waiting | undefined;
}

/** Whether a guest that is off may start again. */
export interface Waiting {
  /** What to say while it is waited for; undefined when it does not start again. */
  note(): Promise<string | undefined>;
  /** Tells when that may have changed. */
  onChange(listener: () => void): Disposable;
}

/**
 * Connects the program's input and output to a guest's console until it ends in one of the ways of `AttachEnd`.
 * Output that the terminal does not take pauses the stream; the keys, and so the escape key, work meanwhile.
 *
 * @throws {VirtError} OPERATION_FAILED when the guest does not read what is sent to it
 */
export function attachConsole(stream: ConsoleStream, io: CliIo, options: AttachOptions): Promise<AttachEnd> {
  return new Attachment(stream, io, options).run();
}

class Attachment {
  readonly #stream: ConsoleStream;
  readonly #io: CliIo;
  readonly #options: AttachOptions;
  readonly #filter = new QueryFilter();
  readonly #owned = new DisposableStore();
  readonly #end = Promise.withResolvers<AttachEnd>();
  #silence: Disposable | undefined;
  #inputEnded = false;
  /** The next key says whether to take over from whoever types. */
  #isAsking = false;
  /** It was said that the guest is off. */
  #isWaiting = false;
  #full = false;

  constructor(stream: ConsoleStream, io: CliIo, options: AttachOptions) {
    this.#stream = stream;
    this.#io = io;
    this.#options = options;
  }

  async run(): Promise<AttachEnd> {
    try {
      this.#listen();
      return await this.#end.promise;
    } finally {
      this.#owned.dispose();
      this.#silence?.dispose();
      this.#io.stdin.pause();
    }
  }

  #listen(): void {
    const {stdin, stdout} = this.#io;
    const handleSignal = (signal: TerminalSignal) => this.#end.resolve({is: 'signal', signal});
    this.#owned.add(this.#io.onSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], handleSignal));
    this.#owned.add(on(stdout, 'drain', () => this.#handleDrain()));
    this.#owned.add(on(stdout, 'error', () => this.#end.resolve({is: 'output closed'})));
    this.#owned.add(this.#stream.onData(chunk => this.#handleOutput(chunk)));
    this.#owned.add(
      this.#stream.onStatus(status => {
        this.#isWaiting = false;
        if (status.is === 'ended') void this.#handleOff(); // settles the end where it fails
      }),
    );
    const {waiting} = this.#options;
    if (waiting) this.#owned.add(waiting.onChange(() => this.#isWaiting && void this.#handleOff())); // as above
    this.#owned.add(on(stdin, 'data', (bytes: Buffer) => this.#handleInput(bytes)));
    this.#owned.add(on(stdin, 'end', () => this.#handleInputEnd()));
    // A terminal that is gone reads as an error.
    this.#owned.add(on(stdin, 'error', () => this.#end.resolve({is: 'output closed'})));
    stdin.resume();
  }

  #handleOutput({bytes, replay, droppedBytes = 0}: ConsoleChunk): void {
    this.#waitForSilence();
    if (droppedBytes > 0) this.#note(droppedNote(droppedBytes, false));
    if (replay) this.#write(this.#filter.push(bytes));
    else {
      this.#write(this.#filter.flush());
      this.#write(bytes);
    }
  }

  /** What the guest has left of modes is not the next boot's. */
  async #handleOff(): Promise<void> {
    try {
      const note = await this.#options.waiting?.note();
      if (this.#stream.status.is === 'live') return;
      if (note === undefined) this.#end.resolve({is: 'ended'});
      else if (!this.#isWaiting) this.#write(new TextEncoder().encode(`${RESET_TERMINAL}\r\n[${note}]\r\n`));
      this.#isWaiting = true;
    } catch (error) {
      this.#end.reject(error);
    }
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#io.stdout.write(bytes) || this.#full) return;
    this.#full = true;
    this.#stream.pause();
  }

  #handleDrain(): void {
    this.#full = false;
    this.#stream.resume();
  }

  #handleInput(bytes: Buffer): void {
    const at = bytes.indexOf(this.#options.escapeKey.byte);
    const typed = at < 0 ? bytes : bytes.subarray(0, at);
    if (typed.length > 0 && this.#isAsking) this.#handleAnswer(typed);
    else if (typed.length > 0) this.#type(typed);
    if (at >= 0) this.#end.resolve({is: 'left'});
  }

  /** What was typed when somebody else types is not for the guest any more: only the answer counts. */
  #handleAnswer(typed: Buffer): void {
    this.#isAsking = false;
    const isYes = /^y/i.test(typed.toString('latin1'));
    try {
      if (isYes) this.#stream.claim({force: true});
      this.#note(isYes ? 'you type now' : 'you look on');
    } catch (error) {
      this.#end.reject(error);
    }
  }

  #note(text: string): void {
    this.#write(new TextEncoder().encode(`\r\n[virtty: ${text}]\r\n`));
  }

  /** A guest that has just gone off takes nothing any more: the stream tells its end after its last output. */
  #type(bytes: Uint8Array): void {
    try {
      this.#stream.write(bytes);
    } catch (error) {
      if (!(error instanceof VirtError)) throw error;
      if (error.code === 'RESOURCE_BUSY' && this.#io.stdin.isTTY) {
        this.#isAsking = true;
        this.#note(`${sanitiseUntrusted(error.message)}. Take over? y or n`);
      } else if (error.code !== 'OPERATION_INVALID') this.#end.reject(error);
    }
  }

  #handleInputEnd(): void {
    this.#inputEnded = true;
    this.#waitForSilence();
  }

  /** After the end of the input, every output of the guest starts the wait anew. */
  #waitForSilence(): void {
    if (!this.#inputEnded) return;
    this.#silence?.dispose();
    this.#silence = this.#io.after(SILENCE_MS, () => this.#end.resolve({is: 'input ended'}));
  }
}

/** Subscribes to an event of a Node stream. */
function on<T>(
  stream: {
    on(event: string, listener: (value: T) => void): unknown;
    off(event: string, listener: (value: T) => void): unknown;
  },
  event: string,
  listener: (value: T) => void,
): Disposable {
  stream.on(event, listener);
  return disposable(() => stream.off(event, listener));
}
