import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import {VirtError} from '../../base/virt-error.ts';
import {connectUnixSocket} from '../../monitor/connect-monitor.ts';

/** Where a saved guest's state is. */
export interface SavedState {
  readonly path: string;
  /** Where it begins, bytes. */
  readonly offset: number;
}

/** The socket on which an emulator waits for its state. @param guestDir  of its run */
export function restoreSocket(guestDir: string): string {
  return `${guestDir}/restore.sock`;
}

/**
 * Sends an emulator the state that it waits for: it opens no file, and needs none to be given to it.
 *
 * @throws {VirtError} OPERATION_FAILED when it takes no more, or the file cannot be read
 */
export async function restoreStream(socket: string, {path, offset}: SavedState): Promise<void> {
  const connection = await connectUnixSocket(socket);
  try {
    await pipeline(createReadStream(path, {start: offset, highWaterMark: 1 << 20}), connection);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VirtError('OPERATION_FAILED', 'QEMU', `the emulator did not take the state in '${path}': ${why}`, {
      cause,
    });
  }
}
