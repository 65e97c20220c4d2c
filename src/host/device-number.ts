import {type BigIntStats, statSync} from 'node:fs';

/** What the kernel knows a device by. */
export interface DeviceNodeNumber {
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
}

/** The number of the device that a path leads to, through symbolic links; undefined when it leads to none. */
export function deviceNumberOf(path: string): DeviceNodeNumber | undefined {
  try {
    const found = statSync(path, {bigint: true});
    return deviceNumberIn(found);
  } catch {
    return undefined; // not there, or not to be reached: the same for who asks
  }
}

/** The number of a device that was looked at; undefined for what is none. */
export function deviceNumberIn(stats: BigIntStats): DeviceNodeNumber | undefined {
  const type = stats.isBlockDevice() ? 'b' : stats.isCharacterDevice() ? 'c' : undefined;
  return type && {type, major: majorOf(stats.rdev), minor: minorOf(stats.rdev)};
}

/** @see makedev(3), of the GNU C library */
function majorOf(device: bigint): number {
  return Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn));
}

function minorOf(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n));
}
