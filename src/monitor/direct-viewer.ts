import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import type {ConsoleChunk, ConsoleDevice, ConsoleStatus, ConsoleStream} from '../model/hypervisor.ts';

export interface DirectViewerOptions {
  readonly device: ConsoleDevice;
  /** What was heard before this viewer came. */
  readonly history: Uint8Array;
  readonly write: (bytes: Uint8Array) => void;
  readonly onDispose: () => void;
}

/** So much waits for a viewer that has paused; of more the oldest is left out, and that is said. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** One viewer of a line that is heard directly. */
export class DirectViewer implements ConsoleStream {
  readonly #options: DirectViewerOptions;
  readonly #dataEmitter = new Emitter<ConsoleChunk>();
  readonly #statusEmitter = new Emitter<ConsoleStatus>();
  #status: ConsoleStatus = {is: 'live'};
  #waiting: ConsoleChunk[] = [];
  #waitingBytes = 0;
  #droppedBytes = 0;
  #paused = false;
  #disposed = false;

  constructor(options: DirectViewerOptions) {
    this.#options = options;
    if (options.history.length > 0) this.#waiting.push({bytes: options.history, replay: true});
  }

  get device(): ConsoleDevice {
    return this.#options.device;
  }

  get status(): ConsoleStatus {
    return this.#status;
  }

  get skippedBytes(): number {
    return 0;
  }

  get historyBytes(): number {
    return this.#options.history.length;
  }

  onData(listener: (chunk: ConsoleChunk) => void): Disposable {
    const subscription = this.#dataEmitter.on(listener);
    queueMicrotask(() => this.#deliver());
    return subscription;
  }

  onStatus(listener: (status: ConsoleStatus) => void): Disposable {
    return this.#statusEmitter.on(listener);
  }

  /** Who is connected is the only one who can type. */
  claim(): void {}

  release(): void {}

  write(bytes: Uint8Array): void {
    this.#options.write(bytes);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#waiting = [];
    this.#options.onDispose();
  }

  /** The guest has said something. */
  hear(bytes: Uint8Array): void {
    this.#waiting.push({bytes, replay: false});
    this.#waitingBytes += bytes.length;
    while (this.#waitingBytes > MAX_WAITING_BYTES && this.#waiting.length > 1) {
      const dropped = this.#waiting.shift()?.bytes.length ?? 0;
      this.#waitingBytes -= dropped;
      this.#droppedBytes += dropped;
    }
    this.#deliver();
  }

  /** The line was closed. */
  end(): void {
    if (this.#status.is === 'ended') return;
    this.#status = {is: 'ended'};
    this.#statusEmitter.emit(this.#status);
  }

  #deliver(): void {
    while (this.#mayDeliver()) {
      const chunk = this.#waiting.shift();
      if (!chunk) return;
      if (!chunk.replay) this.#waitingBytes -= chunk.bytes.length;
      const droppedBytes = chunk.replay ? 0 : this.#droppedBytes;
      if (droppedBytes > 0) this.#droppedBytes = 0;
      this.#dataEmitter.emit(droppedBytes === 0 ? chunk : {...chunk, droppedBytes});
    }
  }

  /** A listener may have paused, or gone, on what it was given. */
  #mayDeliver(): boolean {
    return !this.#paused && !this.#disposed && this.#dataEmitter.size > 0;
  }
}
