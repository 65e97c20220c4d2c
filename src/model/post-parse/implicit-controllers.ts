import {addressOfType} from '../devices/address.ts';
import type {ControllerType} from '../devices/controller.ts';
import type {DiskDef} from '../devices/disk.ts';
import {driveAddress} from '../devices/disk-target.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import {ensureController} from './controllers.ts';

const DISK_CONTROLLERS = ['scsi', 'fdc', 'ide', 'sata'] as const satisfies readonly ControllerType[];

/**
 * Gives every disk on a bus with drives its place, as its target says.
 *
 * @see libvirt 9.0.0, src/conf/domain_postparse.c, virDomainDiskDefAssignAddress
 */
export function placeDrives(def: DomainDef): DomainDef {
  return {...def, devices: def.devices.map(device => (device.kind === 'disk' ? placeDrive(device) : device))};
}

function placeDrive(disk: DiskDef): DiskDef {
  const place = disk.address ? undefined : driveAddress(disk.target.bus, disk.target.dev);
  return place ? {...disk, address: {type: 'drive', ...place, target: 0}} : disk;
}

/**
 * Adds the controllers of all drives, ports and readers that have none.
 *
 * @see libvirt 9.0.0, src/conf/domain_conf.c, virDomainDefAddImplicitControllers
 */
export function addImplicitControllers(def: DomainDef): DomainDef {
  let made = def;
  for (const type of DISK_CONTROLLERS) {
    const drives = devicesOf(def, 'disk').filter(({target}) => target.bus === type);
    made = ensureUpTo(made, type, highest(drives));
  }
  for (const index of portControllers(def)) made = ensureController(made, 'virtio-serial', index);
  if (devicesOf(def, 'smartcard').length > 0) made = ensureController(made, 'ccid', 0);
  const scsiDevices = devicesOf(def, 'hostdev').filter(({host}) => host.type === 'scsi');
  return ensureUpTo(made, 'scsi', highest(scsiDevices));
}

function ensureUpTo(def: DomainDef, type: ControllerType, last: number): DomainDef {
  let made = def;
  for (let index = 0; index <= last; index++) made = ensureController(made, type, index);
  return made;
}

function highest(devices: readonly Pick<DiskDef, 'address'>[]): number {
  return Math.max(-1, ...devices.map(device => addressOfType(device, 'drive')?.controller ?? -1));
}

/** The controllers that virtio ports are on; those that name none are on the first. */
function portControllers(def: DomainDef): readonly number[] {
  const channels = devicesOf(def, 'channel').filter(({target}) => target.type === 'virtio');
  const consoles = devicesOf(def, 'console').filter(({targetType}) => targetType === 'virtio');
  return [...channels, ...consoles].map(port => addressOfType(port, 'virtio-serial')?.controller ?? 0);
}
