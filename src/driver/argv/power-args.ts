import type {ArgvInput} from './argv-input.ts';
import {machineFamily} from './machine-family.ts';
import {type QemuArg, textArg} from './qemu-arg.ts';

/** Whether the guest may sleep: a property of the chip of the board that has the power management. */
export function buildPowerArgs({def, caps}: ArgvInput): QemuArg[] {
  const family = machineFamily(def, caps);
  const chip = family === 'q35' ? 'ICH9-LPC' : family === 'i440fx' ? 'PIIX4_PM' : undefined;
  const {suspendToMem, suspendToDisk} = def.pm ?? {};
  if (chip === undefined) return [];
  return [
    ...(suspendToMem === undefined ? [] : [textArg('-global', `${chip}.disable_s3=${suspendToMem ? 0 : 1}`)]),
    ...(suspendToDisk === undefined ? [] : [textArg('-global', `${chip}.disable_s4=${suspendToDisk ? 0 : 1}`)]),
  ];
}
