import {VirtError} from '../base/virt-error.ts';
import {ensurePrivateDir} from '../host/files.ts';
import type {MonitorClient, QmpEvent} from '../monitor/monitor-client.ts';
import {type GuestIdentity, isAnotherUser} from '../security/guest-identity.ts';
import type {DriverDuty, LifecyclePlan} from './argv/lifecycle-plan.ts';
import {letThrough} from './host-steps/guest-folders.ts';
import {createFile} from './host-steps/write-secret.ts';
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
  /** As whom the emulator runs that writes them; absent for one that something else started. */
  readonly owner?: GuestIdentity;
  readonly rebootAction: LifecyclePlan['reboot'];
}

/**
 * Does it. QEMU handles the commands after the guest has stopped, so none overtakes the event.
 *
 * @throws {VirtError} when the emulator refuses
 */
export async function performDuty(duty: DriverDuty, monitor: MonitorClient, options: DutyOptions): Promise<void> {
  const {rebootAction} = options;
  if (duty.does === 'dump-and-end' || duty.does === 'dump-and-restart') await dumpMemory(monitor, options);
  if (duty.does === 'end' || duty.does === 'dump-and-end') {
    await monitor.execute('quit');
    return;
  }
  await resetGuest(monitor, rebootAction);
  await monitor.execute('cont');
}

/** Presses the reset button. @throws {VirtError} OPERATION_UNSUPPORTED as `requireResettable` */
export async function resetGuest(monitor: MonitorClient, rebootAction: LifecyclePlan['reboot']): Promise<void> {
  requireResettable(rebootAction);
  await monitor.execute('system_reset');
}

/**
 * @throws {VirtError} OPERATION_UNSUPPORTED where a reboot ends the emulator: SeaBIOS resets the machine once more after
 *   every reset, and QEMU takes that for the guest's own reboot (7.2, softmmu/runstate.c, qemu_system_reset_request)
 */
export function requireResettable(rebootAction: LifecyclePlan['reboot']): void {
  if (rebootAction === 'reset') return;
  const message = 'cannot reset the domain: its <on_reboot> does not let it reboot, so a reset would end it';
  throw new VirtError('OPERATION_UNSUPPORTED', 'QEMU', message, {
    hint: 'force it off and start it again, or define it with <on_reboot>restart</on_reboot>',
  });
}

const DUMP_TIMEOUT_MS = 3_600_000;

async function dumpMemory(monitor: MonitorClient, {dumpDir, owner}: DutyOptions): Promise<void> {
  await ensurePrivateDir(dumpDir);
  const name = `${dumpDir}/${new Date().toISOString()}.core`;
  if (owner && isAnotherUser(owner)) {
    await letThrough([dumpDir], owner);
    await createFile(name, owner);
  }
  await monitor.execute('dump-guest-memory', {paging: false, protocol: `file:${name}`}, {timeoutMs: DUMP_TIMEOUT_MS});
}
