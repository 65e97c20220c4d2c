import {VirtError} from '../../../base/virt-error.ts';
import type {DiskDef} from '../../../model/devices/disk.ts';
import type {ArgvInput} from '../argv-input.ts';

/** The error for a disk that no emulator, or not this one, can open as the definition wants it. */
export function refuseDisk(disk: DiskDef, {def}: ArgvInput, why: string, hint: string): VirtError {
  const {device, target} = disk;
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its ${device} '${target.dev}' on the ${target.bus} bus: ${why}`,
    {hint},
  );
}
