import type {Disposable} from '../../src/base/disposable.ts';
import {Emitter} from '../../src/base/emitter.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import type {ConsoleChunk, ConsoleDevice, ConsoleStatus, ConsoleStream} from '../../src/model/hypervisor.ts';

const encoder = new TextEncoder();

/** A string as the bytes that a guest sends. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * The guest's end of a serial line, in memory: the test plays the guest with `output`, and reads in `typed` what the
 * viewers typed. With `echo` it answers every byte with itself, as a guest with a line discipline does.
 */
export class FakeConsole {
  readonly device: ConsoleDevice;
  /** Everything typed by any viewer, as text. */
  typed = '';
  echo = true;
  #history: Uint8Array[] = [];
  #status: ConsoleStatus;
  #refusal: VirtError | undefined;
  readonly #liveEmitter = new Emitter<Uint8Array>();
  readonly #statusEmitter = new Emitter<ConsoleStatus>();

  constructor(device: ConsoleDevice, status: ConsoleStatus) {
    this.device = device;
    this.#status = status;
  }

  get status(): ConsoleStatus {
    return this.#status;
  }

  /** The number of open viewers. */
  get viewers(): number {
    return this.#statusEmitter.size;
  }

  /** The guest prints: it becomes history and reaches every viewer. */
  output(data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? bytesOf(data) : data;
    this.#history.push(bytes);
    this.#liveEmitter.emit(bytes);
  }

  /** The guest went off (`ended`) or came up again (`live`, with a new history). */
  setStatus(is: ConsoleStatus['is']): void {
    if (this.#status.is === is) return;
    if (is === 'live') this.#history = [];
    this.#status = {is};
    this.#statusEmitter.emit(this.#status);
  }

  /** From now on typing fails with `error`. */
  refuse(error: VirtError): void {
    this.#refusal = error;
  }

  /** What a viewer types. @throws {VirtError} OPERATION_INVALID when the guest is off */
  receive(bytes: Uint8Array): void {
    if (this.#refusal) throw this.#refusal;
    if (this.#status.is === 'ended') {
      throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot type into '${this.device.alias}': the guest is off`);
    }
    this.typed += new TextDecoder().decode(bytes);
    if (this.echo) this.output(bytes);
  }

  /** A new viewer: the newest `historyBytes` first, then what comes. */
  open(historyBytes = Number.POSITIVE_INFINITY): ConsoleStream {
    const all = Buffer.concat(this.#history);
    const skipped = Math.max(0, all.length - historyBytes);
    return new FakeConsoleStream(this, all.subarray(skipped), skipped, this.#liveEmitter, this.#statusEmitter);
  }
}

class FakeConsoleStream implements ConsoleStream {
  readonly #console: FakeConsole;
  readonly skippedBytes: number;
  readonly historyBytes: number;
  #pending: ConsoleChunk[];
  #paused = false;
  #told: ConsoleStatus;
  readonly #dataEmitter = new Emitter<ConsoleChunk>();
  readonly #statusEmitter = new Emitter<ConsoleStatus>();
  readonly #subscriptions: readonly Disposable[];

  constructor(
    console: FakeConsole,
    history: Uint8Array,
    skipped: number,
    live: Emitter<Uint8Array>,
    status: Emitter<ConsoleStatus>,
  ) {
    this.#console = console;
    this.skippedBytes = skipped;
    this.historyBytes = history.length;
    this.#pending = history.length > 0 ? [{bytes: history, replay: true}] : [];
    this.#subscriptions = [
      live.on(bytes => {
        this.#pending.push({bytes, replay: false});
        this.#deliver();
      }),
      status.on(() => this.#deliver()),
    ];
    this.#told = console.status;
  }

  get device(): ConsoleDevice {
    return this.#console.device;
  }

  get status(): ConsoleStatus {
    return this.#told;
  }

  /** True between `pause` and `resume`. */
  get paused(): boolean {
    return this.#paused;
  }

  onData(listener: (chunk: ConsoleChunk) => void): Disposable {
    const subscription = this.#dataEmitter.on(listener);
    this.#deliver();
    return subscription;
  }

  onStatus(listener: (status: ConsoleStatus) => void): Disposable {
    return this.#statusEmitter.on(listener);
  }

  claim(): void {}

  release(): void {}

  write(bytes: Uint8Array): void {
    this.#console.receive(bytes);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#pending = [];
  }

  /** What is pending first, then the status, as the real stream tells an end only after the last byte. */
  #deliver(): void {
    while (!this.#paused && this.#dataEmitter.size > 0) {
      const chunk = this.#pending.shift();
      if (!chunk) break;
      this.#dataEmitter.emit(chunk);
    }
    if (this.#pending.length > 0 || this.#told.is === this.#console.status.is) return;
    this.#told = this.#console.status;
    this.#statusEmitter.emit(this.#told);
  }
}
