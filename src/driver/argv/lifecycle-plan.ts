import {VirtError} from '../../base/virt-error.ts';
import type {CrashAction, DomainDef, LifecycleAction} from '../../model/domain-def.ts';

/** What the driver has to do on an event because QEMU cannot do it alone. */
export interface DriverDuty {
  /**
   * `guest-shutdown` and `guest-reset`: QMP's SHUTDOWN with that reason; `guest-panic`: GUEST_PANICKED.
   * The guest stands still then, with nothing lost.
   */
  readonly on: 'guest-shutdown' | 'guest-reset' | 'guest-panic';
  /** `restart`: `system_reset` and `cont`; `end`: `quit`; with a dump of the guest's memory before. */
  readonly does: 'restart' | 'end' | 'dump-and-restart' | 'dump-and-end';
}

/** How QEMU itself is told to act, and what is left to the driver. The words are those of `-action`. */
export interface LifecyclePlan {
  readonly reboot: 'reset' | 'shutdown';
  readonly shutdown: 'poweroff' | 'pause';
  readonly panic: 'pause' | 'shutdown';
  readonly duties: readonly DriverDuty[];
}

/**
 * Turns on_poweroff, on_reboot and on_crash into what QEMU does with nobody watching. QEMU's shutdown action
 * is one for power off, for a reboot that is made a shutdown, and for a panic; where the three differ, the guest
 * is paused and a duty is left. Source: QEMU 7.2, softmmu/runstate.c, main_loop_should_exit and qemu_system_guest_panicked.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for `rename-restart`, which libvirt's QEMU driver has never done, and for
 *   settings that contradict each other
 */
export function planLifecycle(def: DomainDef): LifecyclePlan {
  refuseRename(def);
  refuseContradiction(def);
  const {onPoweroff, onReboot, onCrash} = def;
  const reboot = onReboot === 'restart' ? 'reset' : 'shutdown';
  const shutdown = onPoweroff === 'destroy' && onReboot !== 'preserve' ? 'poweroff' : 'pause';
  const panic = onCrash === 'destroy' && shutdown === 'poweroff' ? 'shutdown' : 'pause';
  const duties: DriverDuty[] = [];
  if (shutdown === 'pause') {
    if (onPoweroff === 'destroy') duties.push({on: 'guest-shutdown', does: 'end'});
    if (onPoweroff === 'restart') duties.push({on: 'guest-shutdown', does: 'restart'});
    if (onReboot === 'destroy') duties.push({on: 'guest-reset', does: 'end'});
  }
  const crashDuty = panic === 'pause' ? CRASH_DUTIES[onCrash] : undefined;
  if (crashDuty !== undefined) duties.push({on: 'guest-panic', does: crashDuty});
  return {reboot, shutdown, panic, duties};
}

/** What the driver must do while it watches a domain; what QEMU does alone is not in it. */
export function driverDuties(def: DomainDef): readonly DriverDuty[] {
  return planLifecycle(def).duties;
}

const CRASH_DUTIES = {
  destroy: 'end',
  restart: 'restart',
  preserve: undefined,
  'rename-restart': undefined,
  'coredump-destroy': 'dump-and-end',
  'coredump-restart': 'dump-and-restart',
} as const satisfies Record<CrashAction, DriverDuty['does'] | undefined>;

/** As libvirt 9.0.0, qemu_validate.c, qemuValidateLifecycleAction: one reset of the machine cannot both happen and end it. */
function refuseContradiction({name, onPoweroff, onReboot}: DomainDef): void {
  if (onPoweroff !== 'restart' || onReboot === 'restart') return;
  const pair = `<on_poweroff>restart</on_poweroff> and <on_reboot>${onReboot}</on_reboot>`;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot start domain '${name}': QEMU cannot hold ${pair} together`,
    {
      hint: 'a domain that starts again after a power-off must be allowed to reboot: set <on_reboot>restart</on_reboot>',
    },
  );
}

function refuseRename(def: DomainDef): void {
  const actions: readonly (readonly [string, LifecycleAction | CrashAction])[] = [
    ['on_poweroff', def.onPoweroff],
    ['on_reboot', def.onReboot],
    ['on_crash', def.onCrash],
  ];
  const refused = actions.find(([, action]) => action === 'rename-restart');
  if (refused === undefined) return;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot start domain '${def.name}': <${refused[0]}>rename-restart</${refused[0]}> is not supported with QEMU`,
    {hint: `write 'restart' instead`},
  );
}
