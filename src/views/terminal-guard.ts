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

/**
 * Ends the screen on a signal that ends the program, then lets the signal do what it does, so that the parent
 * sees the true reason. A listener of our own switches Ink's off: `restore` has to give the terminal back.
 */
export function endOnSignals(restore: () => Promise<void>): Disposable {
  const owned = new DisposableStore();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    const handle = () => {
      owned.dispose();
      void restore().finally(() => process.kill(process.pid, signal)); // the signal ends the process
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
