import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import {messageOf} from '../base/virt-error.ts';
import type {GrowingFile} from '../host/console-host.ts';
import type {ConsoleChunk, ConsoleDevice, ConsoleStatus, ConsoleStream} from '../model/hypervisor.ts';

export interface ViewerOptions {
  readonly device: ConsoleDevice;
  readonly historyBytes: number;
  readonly write: (bytes: Uint8Array) => void;
  readonly onDispose: () => void;
}

/** The log of one run and how far it is read. */
interface Reading {
  readonly file: GrowingFile;
  /** Bytes before this are from before the viewer came. */
  readonly replayEnd: number;
  offset: number;
}

const CHUNK_BYTES = 64 * 1024;

/** One viewer of a console channel: reads the line's log at its own pace. */
export class ConsoleViewer implements ConsoleStream {
  readonly #options: ViewerOptions;
  readonly #dataEmitter = new Emitter<ConsoleChunk>();
  readonly #statusEmitter = new Emitter<ConsoleStatus>();
  /** The newest last; the one before is read to its end first. */
  #readings: Reading[] = [];
  #status: ConsoleStatus = {is: 'ended'};
  #nextStatus: ConsoleStatus = {is: 'ended'};
  #skippedBytes = 0;
  #historyBytes = 0;
  #paused = false;
  #pumping = false;
  #disposed = false;

  constructor(options: ViewerOptions) {
    this.#options = options;
  }

  get device(): ConsoleDevice {
    return this.#options.device;
  }

  get status(): ConsoleStatus {
    return this.#status;
  }

  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  get historyBytes(): number {
    return this.#historyBytes;
  }

  onData(listener: (chunk: ConsoleChunk) => void): Disposable {
    const subscription = this.#dataEmitter.on(listener);
    this.grow();
    return subscription;
  }

  onStatus(listener: (status: ConsoleStatus) => void): Disposable {
    return this.#statusEmitter.on(listener);
  }

  write(bytes: Uint8Array): void {
    this.#options.write(bytes);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.grow();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const reading of this.#readings) reading.file.dispose();
    this.#readings = [];
    this.#options.onDispose();
  }

  /** Goes on with this log once what is being read is at its end; without one, only the status changes. */
  follow(file: GrowingFile | undefined, {live, isNewRun}: {readonly live: boolean; readonly isNewRun: boolean}): void {
    this.#nextStatus = live ? {is: 'live'} : {is: 'ended'};
    const goesOn = !isNewRun && this.#readings.length > 0;
    if (goesOn) file?.dispose();
    else if (file) this.#readings.push(this.#begin(file, isNewRun));
    if (live) this.#tellStatus();
    this.grow();
  }

  /** Something may have been written: reads on. */
  grow(): void {
    if (!this.#pumping) void this.#pump(); // ends by itself; failures are shown in the stream
  }

  #begin(file: GrowingFile, isNewRun: boolean): Reading {
    if (isNewRun) return {file, replayEnd: 0, offset: 0};
    const replayEnd = file.sizeBytes;
    const offset = Math.max(0, replayEnd - this.#options.historyBytes);
    this.#skippedBytes = offset;
    this.#historyBytes = replayEnd - offset;
    return {file, replayEnd, offset};
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      while (!this.#paused && !this.#disposed && this.#dataEmitter.size > 0 && (await this.#step()));
    } catch (error) {
      this.#dataEmitter.emit({bytes: Buffer.from(`\r\n[virtty: ${messageOf(error)}]\r\n`), replay: true});
    } finally {
      this.#pumping = false;
    }
  }

  /** @returns whether there may be more to read at once */
  async #step(): Promise<boolean> {
    const reading = this.#readings[0];
    if (!reading) {
      this.#tellStatus();
      return false;
    }
    const sizeBefore = reading.file.sizeBytes;
    const bytes = await reading.file.read(reading.offset, CHUNK_BYTES);
    if (this.#disposed) return false;
    if (bytes.length > 0) {
      this.#deliver(reading, bytes);
      return true;
    }
    if (this.#readings.length > 1) {
      reading.file.dispose();
      this.#readings.shift();
      return true;
    }
    this.#tellStatus();
    // Grown between the read and now: nobody may tell us again.
    return reading.file.sizeBytes > sizeBefore;
  }

  #deliver(reading: Reading, bytes: Uint8Array): void {
    const replayLength = Math.min(bytes.length, Math.max(0, reading.replayEnd - reading.offset));
    reading.offset += bytes.length;
    if (replayLength > 0) this.#dataEmitter.emit({bytes: bytes.subarray(0, replayLength), replay: true});
    if (replayLength < bytes.length) this.#dataEmitter.emit({bytes: bytes.subarray(replayLength), replay: false});
  }

  #tellStatus(): void {
    if (this.#status.is === this.#nextStatus.is) return;
    this.#status = this.#nextStatus;
    this.#statusEmitter.emit(this.#status);
  }
}
