import {VirtError} from '../base/virt-error.ts';
import {errnoOf} from '../host/files.ts';
import {signalProcess} from '../host/signals.ts';
import type {LiveStatus} from './live-status.ts';

/**
 * Sends a signal to the emulator of a run; nothing happens where it is gone.
 *
 * @throws {VirtError} OPERATION_DENIED for the process of another user, as one that was adopted may be
 */
export function signalEmulator({emulator, name}: Pick<LiveStatus, 'emulator' | 'name'>, signal: 'SIGTERM' | 'SIGKILL') {
  try {
    signalProcess(emulator, signal);
  } catch (cause) {
    if (errnoOf(cause) !== 'EPERM') throw cause;
    const {pid} = emulator;
    throw new VirtError(
      'OPERATION_DENIED',
      'QEMU',
      `cannot force off domain '${name}': its process ${pid} is another user's, and this one may not send it ${signal}`,
      {
        cause,
        hint: `as root or as that user: kill ${pid}; over its monitor: virtty qemu-monitor-command ${name} --hmp quit`,
      },
    );
  }
}
