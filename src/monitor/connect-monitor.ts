import {connect, type Socket} from 'node:net';
import {VirtError} from '../base/virt-error.ts';

/**
 * Connects to a unix socket.
 *
 * @throws {VirtError} OPERATION_FAILED; its cause has the system's `code`
 */
export function connectUnixSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({path});
    const handleError = (error: Error) => {
      reject(
        new VirtError('OPERATION_FAILED', 'QEMU', `cannot connect to the monitor '${path}': ${error.message}`, {
          cause: error,
        }),
      );
    };
    socket.once('error', handleError);
    socket.once('connect', () => {
      socket.off('error', handleError);
      resolve(socket);
    });
  });
}
