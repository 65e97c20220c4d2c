import {addressOfType, type DeviceAddress} from './address.ts';
import type {DiskDef} from './disk.ts';
import {driveAddress} from './disk-target.ts';

/** A place on a bus with drives. */
export type DrivePlace = Omit<Extract<DeviceAddress, {readonly type: 'drive'}>, 'type'>;

/** Where a disk is on a bus with drives: as its address says, else as the name of its target does; undefined on another bus. */
export function drivePlace({address, target}: Pick<DiskDef, 'address' | 'target'>): DrivePlace | undefined {
  const implied = driveAddress(target.bus, target.dev);
  return addressOfType({...(address ? {address} : {})}, 'drive') ?? (implied && {...implied, target: 0});
}
