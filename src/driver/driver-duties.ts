import {ensurePrivateDir} from '../host/files.ts';
import type {QmpClient, QmpEvent} from '../monitor/qmp-client.ts';
import type {DriverDuty} from './argv/lifecycle-plan.ts';
import type {LiveStatus} from './live-status.ts';

/** Which of a domain's duties an event calls for; a reboot that was asked for comes before on_poweroff. */
export function dutyOn(event: QmpEvent, status: LiveStatus): DriverDuty | undefined {
  const cause =
    event.name === 'GUEST_PANICKED' ? 'guest-panic' : event.name === 'SHUTDOWN' ? event.data.reason : undefined;
  if (status.rebootPending && cause === 'guest-shutdown') return {on: 'guest-shutdown', does: 'restart'};
  return status.duties.find(duty => duty.on === cause);
}

/**
 * Does it. QEMU handles the commands after the guest has stopped, so none overtakes the event.
 *
 * @param dumpDir  where dumps of crashed guests go
 * @throws {VirtError} when the emulator refuses
 */
export async function performDuty(duty: DriverDuty, monitor: QmpClient, dumpDir: string): Promise<void> {
  if (duty.does === 'dump-and-end' || duty.does === 'dump-and-restart') await dumpMemory(monitor, dumpDir);
  if (duty.does === 'end' || duty.does === 'dump-and-end') {
    await monitor.execute('quit');
    return;
  }
  await monitor.execute('system_reset');
  await monitor.execute('cont');
}

const DUMP_TIMEOUT_MS = 3_600_000;

async function dumpMemory(monitor: QmpClient, dumpDir: string): Promise<void> {
  await ensurePrivateDir(dumpDir);
  const name = `${dumpDir}/${new Date().toISOString()}.core`;
  await monitor.execute('dump-guest-memory', {paging: false, protocol: `file:${name}`}, {timeoutMs: DUMP_TIMEOUT_MS});
}
