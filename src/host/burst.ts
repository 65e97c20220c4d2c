const SIGNS = 16;
const WINDOW_MS = 20;

/** Tells a flood from what comes now and then: 16 signs in 20 ms are more than a person types, or a guest echoes of it. */
export class Burst {
  #startMs = Number.NEGATIVE_INFINITY;
  #signs = 0;

  /** One more has come. @returns whether that is a flood now */
  isFlood(nowMs: number): boolean {
    if (nowMs - this.#startMs > WINDOW_MS) {
      this.#startMs = nowMs;
      this.#signs = 0;
    }
    this.#signs += 1;
    return this.#signs >= SIGNS;
  }
}
