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

/**
 * Passes on changes as frames: the first at once, later ones no closer than the interval.
 * A timer exists only between a change that came too early and its frame.
 */
export class FrameLimit implements Disposable {
  readonly #draw: () => void;
  readonly #intervalMs: number;
  readonly #clock: FrameClock;
  #lastMs = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(draw: () => void, framesPerSecond: number, clock: FrameClock = systemFrameClock) {
    this.#draw = draw;
    this.#intervalMs = 1000 / framesPerSecond;
    this.#clock = clock;
  }

  /** Something changed: there will be a frame, now or when the interval is over. */
  touch(): void {
    if (this.#timer || this.#disposed) return;
    const waitMs = this.#lastMs + this.#intervalMs - this.#clock.nowMs();
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
