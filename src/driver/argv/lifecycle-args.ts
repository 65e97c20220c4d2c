import type {ArgvInput} from './argv-input.ts';
import {planLifecycle} from './lifecycle-plan.ts';
import {bareArg, optionsArg, type QemuArg} from './qemu-arg.ts';

/** What QEMU does by itself when the guest reboots, powers off or panics: `-action`, or the two flags of before 6.0. */
export function buildLifecycleArgs({def, caps}: ArgvInput): QemuArg[] {
  const {reboot, shutdown, panic} = planLifecycle(def);
  if (caps.flags.has('action')) return [optionsArg('-action', {reboot, shutdown, panic})];
  return [
    ...(reboot === 'shutdown' && caps.flags.has('no-reboot') ? [bareArg('-no-reboot')] : []),
    ...(shutdown === 'pause' ? [bareArg('-no-shutdown')] : []),
  ];
}
