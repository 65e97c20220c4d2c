import process from 'node:process';
import {type Disposable, DisposableStore, disposable} from '../base/disposable.ts';

/** As much of libuv's terminal handle as is used here. */
interface BlockingHandle {
  setBlocking(isBlocking: boolean): unknown;
}

/**
 * Keeps a slow line from stalling the program: writes to a terminal block, unless its handle is told otherwise.
 * Disposing makes them block again, so that nothing is lost at the exit.
 */
export function unblockOutput(stdout: NodeJS.WritableStream): Disposable {
  const handle = blockingHandle(stdout);
  handle?.setBlocking(false);
  const restore = () => handle?.setBlocking(true);
  process.once('exit', restore);
  return disposable(() => {
    process.off('exit', restore);
    restore();
  });
}

/** Node has no public call for it. Source: Node 24, lib/tty.js and src/stream_base (`handle.setBlocking`). */
function blockingHandle(stdout: NodeJS.WritableStream): BlockingHandle | undefined {
  if (!('_handle' in stdout)) return undefined;
  const handle: unknown = stdout._handle;
  return isBlockingHandle(handle) ? handle : undefined;
}

function isBlockingHandle(handle: unknown): handle is BlockingHandle {
  return typeof handle === 'object' && handle !== null && 'setBlocking' in handle;
}

/** A stream that may lose its terminal. */
interface FailingStream {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Tells when the terminal is gone: a closed window, a lost SSH session. Reading and writing fail with EIO then, and
 * each failure would be a crash: the listeners stay for as long as something may still be written.
 */
export function onHangup(streams: readonly FailingStream[], handle: (error: Error) => void): Disposable {
  for (const stream of streams) stream.on('error', handle);
  return disposable(() => {
    for (const stream of streams) stream.off('error', handle);
  });
}

/** A terminal that takes nothing any more must not hold up the end for longer. */
const RESTORE_DEADLINE_MS = 1000;

/**
 * Ends the screen on a signal that ends the program, then lets the signal do what it does, so that the parent
 * sees the true reason. A listener of our own switches Ink's off: `restore` has to give the terminal back.
 *
 * @param isForOther  true while Ctrl-C on the terminal is meant for another program in the foreground
 */
export function endOnSignals(restore: () => Promise<void>, isForOther: () => boolean): Disposable {
  const owned = new DisposableStore();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    const handle = () => {
      if (signal === 'SIGINT' && isForOther()) return;
      owned.dispose();
      const timer = setTimeout(() => process.kill(process.pid, signal), RESTORE_DEADLINE_MS);
      void restore().finally(() => {
        clearTimeout(timer);
        process.kill(process.pid, signal); // which ends the process
      });
    };
    process.on(signal, handle);
    owned.add(disposable(() => process.off(signal, handle)));
  }
  return owned;
}

/**
 * Stops the program as Ctrl-Z does, with everything in its process group: the launcher has to stop too, or the shell
 * would go on waiting. Emulators are in sessions of their own.
 *
 * @returns when the program was continued
 */
export async function stopUntilContinued(): Promise<void> {
  const continued = new Promise<void>(resolve => process.once('SIGCONT', () => resolve()));
  process.kill(0, 'SIGTSTP');
  await continued;
}
