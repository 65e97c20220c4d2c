import type {DiskDef} from '../../../model/devices/disk.ts';
import {type DiskBus, type DriveAddress, driveAddress, targetIndex} from '../../../model/devices/disk-target.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';

/** A SCSI adapter of then has seven targets. Source: QEMU 0.10, sysemu.h, MAX_SCSI_DEVS. */
const TARGETS_PER_ADAPTER = 7;

/**
 * Where a drive goes. For the emulators of 2009 that is its number on all buses of its kind, `index=`; those that answer
 * JSON are told the bus and the unit, as libvirt wrote them from 0.7.6 on, and a virtio disk, a card of its own, neither.
 */
export function legacyDrivePlace(disk: DiskDef, {caps}: ArgvInput): OptionRecord {
  const place = placeOf(disk);
  const [placed, index] = place ? spellings(disk.target.bus, place) : [];
  if (!caps.flags.has('drive-error-policy')) return {index: index ?? targetIndex(disk.target.dev)};
  if (disk.target.bus === 'virtio') return {};
  return placed ?? {index: index ?? targetIndex(disk.target.dev)};
}

/** A place as bus and unit, where these emulators have it so, and as a number. */
function spellings(
  bus: DiskBus,
  {controller, bus: channel, unit}: DriveAddress,
): readonly [(OptionRecord | undefined)?, number?] {
  switch (bus) {
    case 'ide':
      return [controller === 0 ? {bus: channel, unit} : undefined, controller * 4 + channel * 2 + unit];
    case 'scsi':
      return [{bus: controller, unit}, controller * TARGETS_PER_ADAPTER + unit];
    case 'fdc':
      return [controller === 0 ? {unit} : undefined, controller * 2 + unit];
    default:
      return [];
  }
}

/** The address that the XML gives, else the one that the name of the target stands for. */
function placeOf({address, target}: DiskDef): DriveAddress | undefined {
  if (address?.type === 'drive') return {controller: address.controller, bus: address.bus, unit: address.unit};
  const index = targetIndex(target.dev);
  if (target.bus !== 'scsi' || index === undefined) return driveAddress(target.bus, target.dev);
  return {controller: Math.floor(index / TARGETS_PER_ADAPTER), bus: 0, unit: index % TARGETS_PER_ADAPTER};
}
