import type {Disposable} from '../base/disposable.ts';
import {errnoOf} from './files.ts';
import {watchPath} from './watch-path.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** How long after the last sign it is looked at again, for what happens without one; 20 ms if not said. */
  readonly recheckMs?: number;
}

const DEFAULT_RECHECK_MS = 20;

/**
 * Waits until something about a directory holds: looks at once, at every change in it, and,
 * for what changes without a sign (a socket that begins to listen, a process that ends), every few milliseconds.
 *
 * @returns what `look` gave, or undefined when the time is over or the signal came
 */
export async function waitForChange<T>(
  directory: string,
  look: () => Promise<T | undefined>,
  options: WaitOptions,
): Promise<T | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  let wake = () => {};
  let changed = false;
  const watcher = watchDirectory(directory, () => {
    changed = true;
    wake();
  });
  options.signal?.addEventListener('abort', () => wake(), {once: true});
  try {
    for (;;) {
      changed = false;
      const found = await look();
      if (found !== undefined || options.signal?.aborted || performance.now() >= deadline) return found;
      if (changed) continue;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, options.recheckMs ?? DEFAULT_RECHECK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    watcher?.dispose();
  }
}

/** A directory that is gone gives no signs: then only looking again helps. */
function watchDirectory(directory: string, onChange: () => void): Disposable | undefined {
  try {
    return watchPath(directory, onChange);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
