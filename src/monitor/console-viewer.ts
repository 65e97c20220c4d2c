import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import {messageOf} from '../base/virt-error.ts';
import type {GrowingFile} from '../host/console-host.ts';
import type {ConsoleChunk, ConsoleDevice, ConsoleStatus, ConsoleStream} from '../model/hypervisor.ts';
import type {LogJournal} from './log-journal.ts';

export interface ViewerOptions {
  readonly device: ConsoleDevice;
  readonly historyBytes: number;
  /** So far behind what comes live a slow viewer may be; then it goes on near the end. */
  readonly maxLagBytes?: number | undefined;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly claim: (force: boolean) => void;
  readonly release: () => void;
  readonly write: (bytes: Uint8Array) => void;
  readonly onDispose: () => void;
}

/** What the emulator writes of a line, and what is known of it. */
export interface ConsoleLog {
  readonly file: GrowingFile;
  readonly readJournal: () => LogJournal;
}

/** The log of one run and how far it is read. */
interface Reading extends ConsoleLog {
  /** Bytes before this are from before the viewer came. */
  readonly replayEnd: number;
  /** As it was when the reading began. */
  readonly journal: LogJournal;
  readonly openedAtMs: number;
  offset: number;
  /** Not told yet. */
  droppedBytes: number;
}

/** A hole is seen as zeros; so many a guest does not send. */
const HOLE_BYTES = 512;

const CHUNK_BYTES = 64 * 1024;
const SMALL_BYTES = 4096;

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

  claim({force = false}: {readonly force?: boolean} = {}): void {
    this.#options.claim(force);
  }

  release(): void {
    this.#options.release();
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
  follow(log: ConsoleLog | undefined, {live, isNewRun}: {readonly live: boolean; readonly isNewRun: boolean}): void {
    this.#nextStatus = live ? {is: 'live'} : {is: 'ended'};
    const last = this.#readings.at(-1);
    // Who only looks may be told once more of a run that is known.
    const goesOn = last !== undefined && (!isNewRun || last.file.identity === log?.file.identity);
    if (goesOn) log?.file.dispose();
    else if (log) this.#readings.push(this.#begin(log, isNewRun));
    if (live) this.#tellStatus();
    this.grow();
  }

  /** Something may have been written: reads on. */
  grow(): void {
    if (!this.#pumping) void this.#pump(); // ends by itself; failures are shown in the stream
  }

  #begin(log: ConsoleLog, isNewRun: boolean): Reading {
    const begun = {...log, journal: log.readJournal(), openedAtMs: this.#options.now()};
    if (isNewRun) return {...begun, replayEnd: 0, offset: 0, droppedBytes: 0};
    const {keptFrom} = begun.journal;
    const replayEnd = log.file.sizeBytes;
    const offset = Math.max(keptFrom, replayEnd - this.#options.historyBytes);
    const droppedBytes = offset === keptFrom ? keptFrom : 0;
    this.#skippedBytes = offset - droppedBytes;
    this.#historyBytes = replayEnd - offset;
    return {...begun, replayEnd, offset, droppedBytes};
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
    this.#catchUp(reading, sizeBefore);
    const bytes = await readOn(reading, sizeBefore);
    if (this.#disposed) return false;
    if (bytes.length > 0) {
      if (!skipHole(reading, bytes)) this.#deliver(reading, bytes);
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

  /** Who looks wants to see what is now; all of it is in the log. */
  #catchUp(reading: Reading, sizeBytes: number): void {
    const {maxLagBytes = Number.POSITIVE_INFINITY} = this.#options;
    if (reading.offset < reading.replayEnd || sizeBytes - reading.offset <= maxLagBytes) return;
    const offset = sizeBytes - CHUNK_BYTES / 2;
    reading.droppedBytes += offset - reading.offset;
    reading.offset = offset;
  }

  #deliver(reading: Reading, bytes: Uint8Array): void {
    const {offset} = reading;
    const replayLength = Math.min(bytes.length, Math.max(0, reading.replayEnd - offset));
    reading.offset += bytes.length;
    if (replayLength > 0) this.#replay(reading, bytes.subarray(0, replayLength), offset);
    if (replayLength === bytes.length) return;
    const time = {is: 'at', ms: this.#options.now()} as const;
    this.#emit(reading, {bytes: bytes.subarray(replayLength), replay: false, time});
  }

  /** A chunk for each time that is known. */
  #replay(reading: Reading, bytes: Uint8Array, offset: number): void {
    const spans = reading.journal.spans(offset, offset + bytes.length, reading.openedAtMs);
    for (const [at, {from, time}] of spans.entries()) {
      const part = bytes.subarray(from - offset, (spans[at + 1]?.from ?? offset + bytes.length) - offset);
      this.#emit(reading, {bytes: part, replay: true, time});
    }
  }

  #emit(reading: Reading, chunk: ConsoleChunk): void {
    const {droppedBytes} = reading;
    reading.droppedBytes = 0;
    this.#dataEmitter.emit(droppedBytes === 0 ? chunk : {...chunk, droppedBytes});
  }

  #tellStatus(): void {
    if (this.#status.is === this.#nextStatus.is) return;
    this.#status = this.#nextStatus;
    this.#statusEmitter.emit(this.#status);
  }
}

const NOTHING = new Uint8Array();

/** An echo is read at once; more, and history, which may still be on the disk, without holding up everything else. */
function readOn({file, offset, replayEnd}: Reading, sizeBytes: number): Uint8Array | Promise<Uint8Array> {
  const left = sizeBytes - offset;
  if (left <= 0) return NOTHING;
  return left <= SMALL_BYTES && offset >= replayEnd ? file.readNow(offset, left) : file.read(offset, CHUNK_BYTES);
}

/** What was to be read may have been dropped, before or meanwhile: then it goes on where the log does. */
function skipHole(reading: Reading, bytes: Uint8Array): boolean {
  if (!isZero(bytes.subarray(0, HOLE_BYTES)) && !isZero(bytes.subarray(-HOLE_BYTES))) return false;
  const {keptFrom} = reading.readJournal();
  if (keptFrom <= reading.offset) return false;
  reading.droppedBytes += keptFrom - reading.offset;
  reading.offset = keptFrom;
  return true;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.length === HOLE_BYTES && bytes.every(byte => byte === 0);
}
