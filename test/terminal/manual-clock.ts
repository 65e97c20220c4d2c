import {type Disposable, disposable} from '../../src/base/disposable.ts';
import {Emitter} from '../../src/base/emitter.ts';
import type {FrameClock} from '../../src/ui/terminal/frame-limit.ts';

/** A clock that stands still until the test moves it. */
export class ManualClock implements FrameClock {
  #nowMs = 0;
  #timers: {readonly atMs: number; readonly run: () => void}[] = [];
  readonly #scheduled = new Emitter<void>();

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(run: () => void, delayMs: number): Disposable {
    const timer = {atMs: this.#nowMs + delayMs, run};
    this.#timers.push(timer);
    this.#scheduled.emit();
    return disposable(() => {
      this.#timers = this.#timers.filter(other => other !== timer);
    });
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(timer => timer.atMs <= this.#nowMs);
    this.#timers = this.#timers.filter(timer => timer.atMs > this.#nowMs);
    for (const timer of due) timer.run();
  }

  /** Ends when somebody waits on this clock. */
  async waiting(): Promise<void> {
    if (this.#timers.length > 0) return;
    const {promise, resolve} = Promise.withResolvers<void>();
    const subscription = this.#scheduled.on(resolve);
    await promise;
    subscription.dispose();
  }
}
