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
  const devices = def.devices.map(device => (device.kind === 'disk' ? placeDrive(device) : device));
  return placeScsiHostdevs({...def, devices});
}

function placeDrive(disk: DiskDef): DiskDef {
  const place = disk.address ? undefined : driveAddress(disk.target.bus, disk.target.dev);
  return place ? {...disk, address: {type: 'drive', ...place, target: 0}} : disk;
}

/** A wide SCSI bus has so many units, and the controller itself is one of them. */
const SCSI_UNITS = 16;
const SCSI_CONTROLLER_UNIT = 7;

/** SCSI devices of the host get the first free units. Source: libvirt 9.0.0, src/conf/domain_postparse.c, virDomainHostdevAssignAddress. */
function placeScsiHostdevs(def: DomainDef): DomainDef {
  const key = (controller: number, unit: number) => `${controller}:${unit}`;
  const onScsi = [
    ...devicesOf(def, 'disk').filter(({target}) => target.bus === 'scsi'),
    ...devicesOf(def, 'hostdev').filter(({host}) => host.type === 'scsi'),
  ].flatMap(device => addressOfType(device, 'drive') ?? []);
  const used = new Set(onScsi.map(({controller, unit}) => key(controller, unit)));
  const nextPlace = () => {
    for (let place = 0; ; place++) {
      const [controller, unit] = [Math.floor(place / SCSI_UNITS), place % SCSI_UNITS];
      if (unit === SCSI_CONTROLLER_UNIT || used.has(key(controller, unit))) continue;
      used.add(key(controller, unit));
      return {controller, unit};
    }
  };
  const devices = def.devices.map(device => {
    if (device.kind !== 'hostdev' || device.host.type !== 'scsi' || device.address) return device;
    return {...device, address: {type: 'drive' as const, bus: 0, target: 0, ...nextPlace()}};
  });
  return {...def, devices};
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
