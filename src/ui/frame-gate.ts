import {type Disposable, disposable} from '../base/disposable.ts';
import type {FrameClock} from './terminal/frame-limit.ts';

/** As much of the terminal's output stream as is needed to know whether it keeps up. */
export interface FrameSink {
  readonly writableNeedDrain: boolean;
  once(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/**
 * Lets frames through as fast as the terminal takes them: while a slow line has not taken the last one,
 * changes pile up in the state, not in the output.
 */
export class FrameGate {
  readonly #sink: FrameSink;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Runs `flush` in the next turn of the event loop, or when the line has drained. */
  readonly schedule = (flush: () => void): void => {
    setImmediate(() => this.whenOpen(flush));
  };

  /** Runs `draw` now or when the line has drained. */
  whenOpen(draw: () => void): Disposable {
    if (!this.#sink.writableNeedDrain) {
      draw();
      return disposable(() => {});
    }
    this.#sink.once('drain', draw);
    return disposable(() => this.#sink.off('drain', draw));
  }

  /** A frame clock that stands still while the line is full, so that no console draws into it. */
  frameClock(clock: FrameClock): FrameClock {
    let lastMs = clock.nowMs();
    return {
      nowMs: () => {
        if (!this.#sink.writableNeedDrain) lastMs = clock.nowMs();
        return lastMs;
      },
      schedule: (run, delayMs) => {
        let waiting = clock.schedule(() => {
          waiting = this.whenOpen(run);
        }, delayMs);
        return disposable(() => waiting.dispose());
      },
    };
  }
}
