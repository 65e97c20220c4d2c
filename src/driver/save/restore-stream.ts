import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import {messageOf, VirtError} from '../../base/virt-error.ts';
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
 * @returns why not all of it was sent. An emulator that has all it needs may close the connection before the last bytes, so
 *   whether that matters the emulator says
 * @throws {VirtError} OPERATION_FAILED when nobody listens
 */
export async function restoreStream(socket: string, {path, offset}: SavedState): Promise<VirtError | undefined> {
  const connection = await connectUnixSocket(socket);
  try {
    await pipeline(createReadStream(path, {start: offset, highWaterMark: 1 << 20}), connection);
    return undefined;
  } catch (cause) {
    const why = `the emulator did not take all of the state in '${path}': ${messageOf(cause)}`;
    return new VirtError('OPERATION_FAILED', 'QEMU', why, {cause});
  }
}
