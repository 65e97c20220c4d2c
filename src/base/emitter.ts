import {type Disposable, disposable} from './disposable.ts';

/** One kind of event with any number of listeners, called in the order of their subscription. */
export class Emitter<T> {
  #listeners = new Set<(value: T) => void>();

  /** Subscribes; it does not handle anything and does not replay what was emitted before. */
  on(listener: (value: T) => void): Disposable {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return disposable(() => this.#listeners.delete(own));
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  get size(): number {
    return this.#listeners.size;
  }
}
