import {type Disposable, disposable} from '../base/disposable.ts';

/** Runs `flush` soon, once: the next turn of the event loop, or later when the screen cannot take a frame now. */
export type Schedule = (flush: () => void) => void;

/**
 * One immutable state. Changes are visible to `get` at once; listeners hear of any number of them
 * once, when `schedule` runs.
 */
export class Store<S> {
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();
  #state: S;
  #scheduled = false;

  constructor(initial: S, schedule: Schedule = setImmediate) {
    this.#state = initial;
    this.#schedule = schedule;
  }

  readonly get = (): S => this.#state;

  /** Replaces the state; returning the same object changes and notifies nothing. */
  update(change: (state: S) => S): void {
    const next = change(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush());
  }

  /** Called after the state has changed, once per tick. */
  subscribe(listener: () => void): Disposable {
    const own = () => listener();
    this.#listeners.add(own);
    return disposable(() => this.#listeners.delete(own));
  }

  #flush(): void {
    this.#scheduled = false;
    for (const listener of [...this.#listeners]) listener();
  }
}
