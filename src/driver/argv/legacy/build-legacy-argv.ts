import type {ArgvInput} from '../argv-input.ts';
import {bareArg, type QemuArg} from '../qemu-arg.ts';
import {buildLegacyBoot} from './boot.ts';
import {buildLegacyClock} from './clock.ts';
import {buildLegacyDisks} from './disks.ts';
import {
  buildLegacyBalloon,
  buildLegacyIncoming,
  buildLegacySound,
  buildLegacyWatchdog,
  refuseUnknownDevices,
} from './extras.ts';
import {buildLegacyInterfaces} from './interfaces.ts';
import {buildLegacyLines, buildLegacyMonitor} from './lines.ts';
import {
  buildLegacyAcceleration,
  buildLegacyCpu,
  buildLegacyHeadless,
  buildLegacyIdentity,
  buildLegacyLifecycle,
  buildLegacyMachine,
  buildLegacyMemory,
  buildLegacyProcessors,
} from './machine.ts';
import {buildLegacyScreen} from './screen.ts';
import {buildLegacyHostdevs, buildLegacyUsb} from './usb.ts';

/**
 * The command line of an emulator of before QMP, in libvirt 0.7.1's order: what is written how is decided by its flags.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what this emulator cannot be told, naming the device or setting
 */
export function buildLegacyArgv(input: ArgvInput): QemuArg[] {
  refuseUnknownDevices(input);
  return [
    bareArg('-S'),
    ...buildLegacyMachine(input),
    ...buildLegacyAcceleration(input),
    ...buildLegacyCpu(input),
    ...buildLegacyMemory(input),
    ...buildLegacyProcessors(input),
    ...buildLegacyIdentity(input),
    ...buildLegacyHeadless(input),
    ...buildLegacyMonitor(input),
    ...buildLegacyClock(input),
    ...buildLegacyLifecycle(input),
    ...buildLegacyBoot(input),
    ...buildLegacyDisks(input),
    ...buildLegacyInterfaces(input),
    ...buildLegacyLines(input),
    ...buildLegacyUsb(input),
    ...buildLegacyScreen(input),
    ...buildLegacySound(input),
    ...buildLegacyWatchdog(input),
    ...buildLegacyHostdevs(input),
    ...buildLegacyBalloon(input),
    ...buildLegacyIncoming(input),
    ...(input.def.qemu?.commandline?.args ?? []).map(word => bareArg(word)),
  ];
}
