import type {Disposable} from '../../src/base/disposable.ts';
import {Emitter} from '../../src/base/emitter.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import type {ConsoleChunk, ConsoleDevice, ConsoleStatus, ConsoleStream} from '../../src/model/hypervisor.ts';
import type {OutputTime} from '../../src/model/output-time.ts';

/** A console stream whose guest is the test. */
export class FakeStream implements ConsoleStream {
  readonly device: ConsoleDevice = {alias: 'serial0', kind: 'serial'};
  readonly skippedBytes = 0;
  readonly historyBytes = 0;
  readonly typed: string[] = [];
  pauses = 0;
  paused = false;
  disposed = false;
  #status: ConsoleStatus = {is: 'live'};
  readonly #data = new Emitter<ConsoleChunk>();
  readonly #statuses = new Emitter<ConsoleStatus>();
  readonly #resumed = new Emitter<void>();

  get status(): ConsoleStatus {
    return this.#status;
  }

  onData(listener: (chunk: ConsoleChunk) => void): Disposable {
    return this.#data.on(listener);
  }

  onStatus(listener: (status: ConsoleStatus) => void): Disposable {
    return this.#statuses.on(listener);
  }

  claim(): void {}

  release(): void {}

  write(bytes: Uint8Array): void {
    if (this.#status.is === 'ended') throw new VirtError('OPERATION_INVALID', 'QEMU', 'the guest is off');
    this.typed.push(new TextDecoder().decode(bytes));
  }

  pause(): void {
    if (this.paused) throw new Error('paused twice');
    this.paused = true;
    this.pauses += 1;
  }

  resume(): void {
    if (!this.paused) throw new Error('resumed while it flows');
    this.paused = false;
    this.#resumed.emit();
  }

  dispose(): void {
    this.disposed = true;
  }

  /** The guest prints. */
  print(text: string | Uint8Array, replay = false, time?: OutputTime): void {
    if (this.paused) throw new Error('delivered while paused');
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    this.#data.emit({bytes, replay, ...(time ? {time} : {})});
  }

  /** So many bytes are missing, then the guest goes on. */
  drop(droppedBytes: number, text: string): void {
    this.#data.emit({bytes: new TextEncoder().encode(text), replay: false, droppedBytes});
  }

  /** The guest goes off, or on again. */
  turn(status: ConsoleStatus): void {
    this.#status = status;
    this.#statuses.emit(status);
  }

  /** Ends when the stream flows. */
  async flowing(): Promise<void> {
    if (!this.paused) return;
    const {promise, resolve} = Promise.withResolvers<void>();
    const subscription = this.#resumed.on(resolve);
    await promise;
    subscription.dispose();
  }
}
