import {Duplex} from 'node:stream';
import {type HmpRecording, recordedChunks} from './recordings.ts';

export interface RecordedMonitorOptions {
  /** How what is sent is cut; default as it was recorded. */
  readonly cut?: (recording: HmpRecording) => readonly Buffer[];
}

/**
 * The monitor of an emulator that was recorded, at one place of a session: it takes the commands that were recorded, in
 * their order, and answers what was recorded. Anything else is an error of the connection.
 */
export class RecordedMonitor extends Duplex {
  readonly #cut: (recording: HmpRecording) => readonly Buffer[];
  #left: readonly HmpRecording[];
  #written = '';

  constructor(recordings: readonly HmpRecording[], options: RecordedMonitorOptions = {}) {
    super();
    this.#cut = options.cut ?? recordedChunks;
    this.#left = recordings;
    if (recordings[0]?.written === undefined) this.#play();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#written += chunk.toString('latin1');
    const expected = this.#left[0]?.written;
    if (this.#written === expected) {
      this.#written = '';
      this.#play();
      done();
    } else if (expected?.startsWith(this.#written)) done();
    else done(new Error(`was sent ${JSON.stringify(this.#written)} instead of ${JSON.stringify(expected)}`));
  }

  #play(): void {
    const [recording, ...left] = this.#left;
    this.#left = left;
    if (recording) void this.#send(recording); // never rejects
  }

  async #send(recording: HmpRecording): Promise<void> {
    for (const chunk of this.#cut(recording)) {
      await new Promise(resolve => setImmediate(resolve));
      if (!this.destroyed) this.push(chunk);
    }
    if (recording.end === 'end of file' && !this.destroyed) this.push(null);
  }
}
