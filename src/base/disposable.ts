import {messageOf} from './virt-error.ts';

/** Something that its owner ends. Disposing twice is the same as once. */
export interface Disposable {
  dispose(): void;
}

/** A disposable that runs `dispose` once. */
export function disposable(dispose: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      dispose();
    },
  };
}

/** Disposables with one owner, ended in reverse order of their making. */
export class DisposableStore implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}

export interface Undo {
  readonly what: string;
  run(): Promise<void>;
}

/**
 * What has been done so far and how to take it back, newest first. `commit` forgets it all.
 * A failing undo does not stop the others: its message is returned, it never replaces the first error.
 */
export class UndoStack {
  #undos: Undo[] = [];

  push(what: string, run: () => Promise<void>): void {
    this.#undos.push({what, run});
  }

  commit(): void {
    this.#undos = [];
  }

  /** @returns a sentence for each undo that failed */
  async undoAll(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (const undo of this.#undos.splice(0).reverse()) {
      try {
        await undo.run();
      } catch (error) {
        failures.push(`cannot undo '${undo.what}': ${messageOf(error)}`);
      }
    }
    return failures;
  }
}
