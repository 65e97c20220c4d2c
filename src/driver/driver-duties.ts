import {ensurePrivateDir} from '../host/files.ts';
import type {QmpClient, QmpEvent} from '../monitor/qmp-client.ts';
import type {DriverDuty, LifecyclePlan} from './argv/lifecycle-plan.ts';
import type {LiveStatus} from './live-status.ts';

/** Which of a domain's duties an event calls for; a reboot that was asked for comes before on_poweroff. */
export function dutyOn(event: QmpEvent, status: LiveStatus): DriverDuty | undefined {
  const cause =
    event.name === 'GUEST_PANICKED' ? 'guest-panic' : event.name === 'SHUTDOWN' ? event.data.reason : undefined;
  if (status.rebootPending && cause === 'guest-shutdown') return {on: 'guest-shutdown', does: 'restart'};
  return status.duties.find(duty => duty.on === cause);
}

export interface DutyOptions {
  /** Where dumps of crashed guests go. */
  readonly dumpDir: string;
  readonly rebootAction: LifecyclePlan['reboot'];
}

/**
 * Does it. QEMU handles the commands after the guest has stopped, so none overtakes the event.
 *
 * @throws {VirtError} when the emulator refuses
 */
export async function performDuty(duty: DriverDuty, monitor: QmpClient, options: DutyOptions): Promise<void> {
  const {dumpDir, rebootAction} = options;
  if (duty.does === 'dump-and-end' || duty.does === 'dump-and-restart') await dumpMemory(monitor, dumpDir);
  if (duty.does === 'end' || duty.does === 'dump-and-end') {
    await monitor.execute('quit');
    return;
  }
  await resetGuest(monitor, rebootAction);
  await monitor.execute('cont');
}

/**
 * Presses the reset button. Where a reset is to end the emulator (on_reboot=destroy), QEMU would take the host's for the
 * guest's: QEMU 7.2, softmmu/runstate.c, qemu_system_reset_request.
 */
export async function resetGuest(monitor: QmpClient, rebootAction: LifecyclePlan['reboot']): Promise<void> {
  if (rebootAction === 'shutdown') await monitor.execute('set-action', {reboot: 'reset'});
  await monitor.execute('system_reset');
  if (rebootAction === 'shutdown') await monitor.execute('set-action', {reboot: 'shutdown'});
}

const DUMP_TIMEOUT_MS = 3_600_000;

async function dumpMemory(monitor: QmpClient, dumpDir: string): Promise<void> {
  await ensurePrivateDir(dumpDir);
  const name = `${dumpDir}/${new Date().toISOString()}.core`;
  await monitor.execute('dump-guest-memory', {paging: false, protocol: `file:${name}`}, {timeoutMs: DUMP_TIMEOUT_MS});
}
