import {readdir, readlink, stat} from 'node:fs/promises';
import {type DeviceNodeNumber, deviceNumberIn} from './device-number.ts';
import {errnoOf} from './files.ts';

/** A device that a process has open. */
export interface OpenDeviceNode extends DeviceNodeNumber {
  /** As the kernel names it; outside text. */
  readonly path: string;
}

/** The devices that a process has open, in the order of its descriptors; undefined when this user may not look, or it is gone. */
export async function readOpenDevices(pid: number): Promise<readonly OpenDeviceNode[] | undefined> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await orUndefined(readdir(folder));
  if (!descriptors) return undefined;
  const sorted = descriptors.toSorted((a, b) => Number(a) - Number(b));
  const devices = await Promise.all(sorted.map(name => readDevice(`${folder}/${name}`)));
  return devices.filter(device => device !== undefined);
}

/** Only what has a path is looked at: of the rest there is nothing to say, and files of a server may not answer. */
async function readDevice(descriptor: string): Promise<OpenDeviceNode | undefined> {
  const path = await orUndefined(readlink(descriptor));
  if (!path?.startsWith('/')) return undefined;
  const stats = await orUndefined(stat(descriptor, {bigint: true}));
  const number = stats && deviceNumberIn(stats);
  return number && {...number, path};
}

async function orUndefined<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (errnoOf(error) !== undefined) return undefined; // closed meanwhile, or not ours
    throw error;
  }
}
