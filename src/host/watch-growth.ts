import {statSync} from 'node:fs';
import {type Disposable, disposable} from '../base/disposable.ts';
import {Burst} from './burst.ts';
import {watchPath} from './watch-path.ts';

/** How often a flood is looked at: nobody sees more, and each look takes all that came. */
const LOOK_MS = 4;

/**
 * Calls when a file has grown: at once, while it grows now and then. The kernel gives a sign for every write, and an emulated
 * serial port writes single bytes: while they flood in, the file is looked at every few milliseconds instead, until it rests.
 *
 * @throws {Error} ENOENT for what is not there
 */
export function watchGrowth(path: string, onGrowth: () => void): Disposable {
  const watch = new GrowthWatch(path, onGrowth);
  return disposable(() => watch.dispose());
}

class GrowthWatch implements Disposable {
  readonly #path: string;
  readonly #onGrowth: () => void;
  #watcher: Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #burst = new Burst();
  #sizeBytes: number | undefined;

  constructor(path: string, onGrowth: () => void) {
    this.#path = path;
    this.#onGrowth = onGrowth;
    this.#listen();
  }

  dispose(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    clearTimeout(this.#timer);
  }

  #listen(): void {
    this.#burst = new Burst();
    this.#watcher = watchPath(this.#path, () => this.#handleSign());
  }

  #handleSign(): void {
    if (this.#burst.isFlood(performance.now())) this.#look();
    this.#onGrowth();
  }

  /** Instead of listening. */
  #look(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    this.#timer = setTimeout(() => this.#handleLook(), LOOK_MS);
    this.#timer.unref();
  }

  #handleLook(): void {
    const size = statSync(this.#path, {throwIfNoEntry: false})?.size;
    const isResting = size === this.#sizeBytes;
    this.#sizeBytes = size;
    // Without a name it does not grow any more; what was written last may still be unread.
    if (size !== undefined && isResting) this.#listen();
    else if (size !== undefined) this.#look();
    this.#onGrowth(); // after listening: what came between is seen, too
  }
}
