import {VirtError} from '../../base/virt-error.ts';
import type {DiskDef} from '../../model/devices/disk.ts';
import {driveAddress, targetIndex} from '../../model/devices/disk-target.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import type {MediaChange} from '../../model/media-change.ts';

/** A drive before and after its medium was changed. */
export interface PlannedMedia {
  readonly before: DiskDef;
  readonly after: DiskDef;
}

/**
 * What a change makes of a domain's drive.
 *
 * @param target  the drive's target or the path of its medium; without it the only drive that fits
 * @throws {VirtError} INVALID_ARG when there is no such drive, OPERATION_INVALID where it has a medium already, or none
 * @see libvirt 9.0.0, tools/virsh-domain.c, virshUpdateDiskXML
 */
export function planMediaChange(def: DomainDef, target: string | undefined, change: MediaChange): PlannedMedia {
  const before = findDrive(def, target, change);
  const {dev} = before.target;
  const has = before.source !== undefined;
  const isWrong = change.does === 'eject' ? !has : change.does === 'insert' ? has : false;
  if (isWrong) {
    const why = has ? 'it has a medium already' : 'it has none';
    throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot ${change.does} the medium of '${dev}': ${why}`, {
      ...(has
        ? {hint: `eject that first, or take it out with it: virtty change-media ${def.name} ${dev} FILE --update`}
        : {}),
    });
  }
  const empty = emptied(before);
  if (change.does === 'eject') return {before, after: empty};
  const type = change.source.startsWith('/dev/') ? 'block' : 'file';
  return {before, after: {...empty, source: {type, path: change.source}}};
}

/** A drive without its medium. */
export function emptied(drive: DiskDef): DiskDef {
  const {source: _source, backingStore: _below, ...empty} = drive;
  return empty;
}

/** A definition with a drive as it is after the change. */
export function withMedia(def: DomainDef, {before, after}: PlannedMedia): DomainDef {
  const isIt = (dev: string) => dev === before.target.dev;
  return {
    ...def,
    devices: def.devices.map(device => (device.kind === 'disk' && isIt(device.target.dev) ? after : device)),
  };
}

/**
 * The names that a drive may have in the text monitor of an emulator without QMP: of 0.9.1 and later, then of before.
 *
 * @see QEMU 0.9.1 and 0.10.0, vl.c, drive_init; 0.8.2, vl.c, main
 */
export function hmpDriveNames({device, target}: Pick<DiskDef, 'device' | 'target'>): readonly string[] {
  const {bus, dev} = target;
  const address = driveAddress(bus, dev);
  if (address === undefined) return [];
  if (bus === 'fdc') return [`floppy${address.unit}`, dev];
  if (device !== 'cdrom') return [];
  if (bus === 'scsi') return [`scsi${address.controller}-cd${targetIndex(dev) ?? 0}`];
  if (bus !== 'ide') return [];
  return [`ide${address.controller * 2 + address.bus}-cd${address.unit}`, ...(dev === 'hdc' ? ['cdrom'] : [])];
}

function findDrive(def: DomainDef, target: string | undefined, change: MediaChange): DiskDef {
  const disks = devicesOf(def, 'disk');
  const drives = disks.filter(({device}) => device === 'cdrom' || device === 'floppy');
  const what = `cannot change a medium of domain '${def.name}'`;
  if (target === undefined) {
    const fitting = drives.filter(({source}) => change.does !== 'eject' || source !== undefined);
    const [only, second] = fitting;
    if (only && !second) return only;
    const none = drives.length > 0 ? 'there is no medium in its drives' : 'it has no CD-ROM and no floppy drive';
    const why = only ? 'there are several drives' : none;
    throw new VirtError('INVALID_ARG', 'QEMU', `${what}: ${why}`, drivesHint(fitting));
  }
  const found = drives.find(drive => drive.target.dev === target || pathOf(drive) === target);
  if (found) return found;
  const isFixed = disks.some(disk => disk.target.dev === target || pathOf(disk) === target);
  const why = isFixed ? `'${target}' is no CD-ROM and no floppy` : `it has no drive '${target}'`;
  throw new VirtError('INVALID_ARG', 'QEMU', `${what}: ${why}`, drivesHint(drives));
}

function drivesHint(drives: readonly DiskDef[]): {readonly hint?: string} {
  return drives.length === 0 ? {} : {hint: `its drives: ${drives.map(({target}) => target.dev).join(', ')}`};
}

function pathOf({source}: DiskDef): string | undefined {
  return source?.type === 'file' || source?.type === 'block' ? source.path : undefined;
}
