import type {DiskDef} from '../../../model/devices/disk.ts';
import type {IotuneDef} from '../../../model/devices/disk-tuning.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {aliasOf} from './device-context.ts';
import {THROTTLE_NAMES} from './throttle-names.ts';

/** What QEMU is told over its monitor. */
export interface ThrottleCommand {
  readonly execute: 'block_set_io_throttle';
  readonly arguments: {readonly [key: string]: string | number};
}

/** Limits that the command wants to hear of in any case; 0 is none. */
const ALWAYS: readonly string[] = ['bps', 'bps_rd', 'bps_wr', 'iops', 'iops_rd', 'iops_wr'];

/**
 * The limits of disks whose images are nodes: those are told to the device, not to the image.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessSetupDiskThrottling
 */
export function planThrottles(input: ArgvInput): readonly ThrottleCommand[] {
  return throttledDisks(input).map(disk => throttleCommand(disk, disk.iotune ?? {}));
}

/** The disks whose limits are no part of the command line; an empty drive takes none. */
export function throttledDisks({def, caps}: ArgvInput): readonly DiskDef[] {
  if (!caps.flags.has('blockdev')) return []; // -drive has them
  return devicesOf(def, 'disk').filter(
    ({iotune, target, source}) =>
      source !== undefined && iotune !== undefined && Object.keys(iotune).length > 0 && target.bus !== 'sd',
  );
}

function throttleCommand(disk: DiskDef, iotune: IotuneDef): ThrottleCommand {
  const limits = THROTTLE_NAMES.flatMap(([limit, , name]) => {
    const value = iotune[limit];
    if (value === undefined && !ALWAYS.includes(name)) return [];
    return [[name, Number(value ?? 0n)] as const];
  });
  const group = iotune.groupName === undefined ? {} : {group: iotune.groupName};
  return {
    execute: 'block_set_io_throttle',
    arguments: {id: backendPath(disk), ...Object.fromEntries(limits), ...group},
  };
}

/** The part of a device that has the image. Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAssignDeviceDiskAlias; QEMU 7.2, `qdev` of query-block. */
function backendPath(disk: DiskDef): string {
  const alias = aliasOf(disk);
  if (disk.target.bus === 'virtio') return `/machine/peripheral/${alias}/virtio-backend`;
  return disk.target.bus === 'usb' ? `/machine/peripheral/${alias}/${alias}.0/legacy[0]` : alias;
}
