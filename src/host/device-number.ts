import {statSync} from 'node:fs';

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
    const type = found.isBlockDevice() ? 'b' : found.isCharacterDevice() ? 'c' : undefined;
    return type && {type, major: majorOf(found.rdev), minor: minorOf(found.rdev)};
  } catch {
    return undefined; // not there, or not to be reached: the same for who asks
  }
}

/** @see makedev(3), of the GNU C library */
function majorOf(device: bigint): number {
  return Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn));
}

function minorOf(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n));
}
