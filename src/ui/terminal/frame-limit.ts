import {type Disposable, disposable} from '../../base/disposable.ts';

/** The time that a frame limit runs on. */
export interface FrameClock {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Runs once after the delay, unless disposed before. */
  schedule(run: () => void, delayMs: number): Disposable;
}

/** The machine's own clock; its timers do not keep the process alive. */
export const systemFrameClock: FrameClock = {
  nowMs: () => performance.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return disposable(() => clearTimeout(timer));
  },
};

/** The least time between frames, in milliseconds. */
export interface FrameIntervals {
  /** When little changes: what a person types must not wait. */
  readonly lightMs: number;
  /** When much changes: nobody reads a flood. */
  readonly heavyMs: number;
}

/**
 * Passes on changes as frames: the first at once, later ones no closer than the interval that they call for.
 * A timer exists only between a change that came too early and its frame.
 */
export class FrameLimit implements Disposable {
  readonly #draw: () => void;
  readonly #intervals: FrameIntervals;
  readonly #clock: FrameClock;
  #lastMs = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(draw: () => void, intervals: FrameIntervals, clock: FrameClock = systemFrameClock) {
    this.#draw = draw;
    this.#intervals = intervals;
    this.#clock = clock;
  }

  /** Something changed: there will be a frame, now or when the interval is over. */
  touch(weight: 'light' | 'heavy'): void {
    if (this.#timer || this.#disposed) return;
    const interval = weight === 'light' ? this.#intervals.lightMs : this.#intervals.heavyMs;
    const waitMs = this.#lastMs + interval - this.#clock.nowMs();
    if (waitMs <= 0) this.#frame();
    else this.#timer = this.#clock.schedule(() => this.#frame(), waitMs);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #frame(): void {
    this.#timer = undefined;
    this.#lastMs = this.#clock.nowMs();
    this.#draw();
  }
}
