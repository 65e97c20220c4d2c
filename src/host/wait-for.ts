import {watch} from 'node:fs';

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
  const watcher = watch(directory, {persistent: false}, () => {
    changed = true;
    wake();
  });
  watcher.on('error', () => wake()); // the directory went away: `look` will say
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
    watcher.close();
  }
}
