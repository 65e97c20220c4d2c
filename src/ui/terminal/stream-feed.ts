import {type Disposable, DisposableStore} from '../../base/disposable.ts';
import {droppedNote} from '../../base/dropped-note.ts';
import type {ConsoleChunk, ConsoleStream} from '../../model/hypervisor.ts';
import type {OutputTime} from '../../model/output-time.ts';

/** Bytes not yet parsed at which the stream is paused. */
export const PAUSE_ABOVE_BYTES = 64 * 1024;
/** Bytes not yet parsed at which it goes on. */
export const RESUME_BELOW_BYTES = 32 * 1024;
/** The emulator yields to the event loop between writes only: a long chunk goes in as several. */
const SLICE_BYTES = 32 * 1024;

/** A piece of the stream: history or live, and when it came. */
export interface ByteSlice {
  readonly bytes: Uint8Array;
  readonly live: boolean;
  readonly time?: OutputTime | undefined;
}

/** Takes slices, and calls back when they are parsed, in the order of the calls. */
export type ByteSink = (slice: ByteSlice, parsed: () => void) => void;

/** Feeds a console stream to an emulator: bounded, and knowing which bytes are being parsed at the moment. */
export class StreamFeed implements Disposable {
  readonly #stream: ConsoleStream;
  readonly #write: ByteSink;
  readonly #owned = new DisposableStore();
  /** Of the slices handed over and not yet parsed, oldest first: is it history? */
  #replays: boolean[] = [];
  #pendingBytes = 0;
  #paused = false;
  #disposed = false;

  constructor(stream: ConsoleStream, write: ByteSink) {
    this.#stream = stream;
    this.#write = write;
    this.#owned.add(stream.onData(chunk => this.#handleChunk(chunk)));
  }

  /** Bytes taken from the stream and not yet parsed. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** True while the bytes that are being parsed came live: only then may the emulator answer the guest. */
  get isParsingLive(): boolean {
    return this.#replays[0] === false;
  }

  dispose(): void {
    this.#disposed = true;
    this.#owned.dispose();
  }

  #handleChunk(chunk: ConsoleChunk): void {
    const {bytes, droppedBytes = 0} = chunk;
    if (droppedBytes > 0) this.#take({...chunk, bytes: droppedLine(droppedBytes), replay: true});
    this.#take({...chunk, bytes});
  }

  #take({bytes, replay, time}: ConsoleChunk): void {
    this.#pendingBytes += bytes.length;
    if (!this.#paused && this.#pendingBytes > PAUSE_ABOVE_BYTES) {
      this.#paused = true;
      this.#stream.pause();
    }
    for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
      const slice = bytes.subarray(start, start + SLICE_BYTES);
      this.#replays.push(replay);
      this.#write({bytes: slice, live: !replay, time}, () => this.#handleParsed(slice.length));
    }
  }

  #handleParsed(length: number): void {
    this.#replays.shift();
    this.#pendingBytes -= length;
    if (!this.#paused || this.#disposed || this.#pendingBytes >= RESUME_BELOW_BYTES) return;
    this.#paused = false;
    this.#stream.resume();
  }
}

/** Stands where something is missing: on a line of its own, after the end of any sequence that was cut. */
function droppedLine(bytes: number): Uint8Array {
  return new TextEncoder().encode(`\x18\r\n${droppedNote(bytes)}\r\n`);
}
