import type {DeviceAddress} from '../../../model/devices/address.ts';
import {driveAddress} from '../../../model/devices/disk-target.ts';
import {type DriveInterface, type DrivePlace, freePlace, placeOf} from '../disks/drive-place.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';
import {busIndex} from './device-place.ts';

/** Where a disk of `-device` goes; the address is there where the target's name does not say it. */
export interface DiskDevicePlace {
  readonly target: DrivePlace;
  readonly address?: DeviceAddress;
}

/** Takes `bus=`, `unit=`, `scsi-id=` and `lun=`; the next free place where they say nothing. */
export function takeDiskPlace(drive: DriveInterface, bag: OptionBag, draft: NativeDraft): DiskDevicePlace {
  const usual = drive === 'ide' && isAhciBoard(draft) ? 'sata' : drive;
  const named = placeOfId(usual, bag.peek('id'), draft);
  if (named) return {target: named};
  const place = drive === 'scsi' ? takeScsiPlace(bag, draft) : takePlainPlace(usual, bag, draft);
  if (!place) return {target: freePlace(usual, draft)};
  const isTaken = draft.devices.some(device => device.kind === 'disk' && device.target.dev === place.target.dev);
  if (!isTaken) return place;
  // The name belongs to a disk on another bus or at another place: the address tells them apart.
  const address = place.address ?? driveAddressOf(place.target);
  return {target: {...freePlace(usual, draft), bus: place.target.bus}, ...(address ? {address} : {})};
}

/** libvirt's and our ids of disks that no bus numbers end with the number of the target: `virtio-disk2` is `vdc`. */
function placeOfId(drive: DriveInterface, id: string | undefined, draft: NativeDraft): DrivePlace | undefined {
  const index = /^(?:virtio|usb)-disk(\d{1,3})$/.exec(id ?? '')?.[1];
  if (index === undefined || (drive !== 'virtio' && drive !== 'usb')) return undefined;
  const place = placeOf(drive, Number(index));
  return draft.devices.some(device => device.kind === 'disk' && device.target.dev === place.dev) ? undefined : place;
}

type DriveAddress = Extract<DeviceAddress, {readonly type: 'drive'}>;

/** Takes a place on a SCSI bus: on a channel with several units the target is the `scsi-id`, else the unit is; undefined where none is named. */
export function takeScsiAddress(bag: OptionBag, draft: NativeDraft): DriveAddress | undefined {
  const name = bag.peek('bus') ?? 'scsi0.0';
  const scsi = busIndex(name, 'scsi', draft) ?? /^scsi(\d{0,3})\.\d$/.exec(name)?.[1];
  const controller = Number(scsi ?? 0);
  const bus = bag.takeNumber('channel') ?? Number(/\.(\d)$/.exec(name)?.[1] ?? 0);
  const id = bag.takeNumber('scsi-id');
  const lun = bag.takeNumber('lun');
  if (scsi !== undefined) bag.drop('bus');
  if (lun !== undefined) return {type: 'drive', controller, bus, target: id ?? 0, unit: lun};
  return id === undefined ? undefined : {type: 'drive', controller, bus, target: 0, unit: id};
}

/** The address is there where the name of the target does not say it. */
function takeScsiPlace(bag: OptionBag, draft: NativeDraft): DiskDevicePlace | undefined {
  const isFlat = bag.peek('lun') === undefined;
  const address = takeScsiAddress(bag, draft);
  if (!address) return undefined;
  const {controller, bus, target: id, unit} = address;
  const target = placeOf('scsi', controller * 15 + indexOfUnit(unit));
  return isFlat || (bus === 0 && id === 0 && isPlaceOf(target, controller, unit)) ? {target} : {target, address};
}

function isPlaceOf({bus, dev}: DrivePlace, controller: number, unit: number): boolean {
  const place = driveAddress(bus, dev);
  return place?.controller === controller && place.unit === unit;
}

/** The seventh place is the adapter's own. */
function indexOfUnit(unit: number): number {
  return unit > 7 ? unit - 1 : unit;
}

function takePlainPlace(drive: DriveInterface, bag: OptionBag, draft: NativeDraft): DiskDevicePlace | undefined {
  const bus = bag.peek('bus') ?? '';
  const unit = bag.takeNumber('unit');
  const [, number = '0'] = /\.(\d{1,2})$/.exec(bus) ?? [];
  const sata = busIndex(bus, 'sata', draft) ?? /^(?:ahci|sata)(\d{1,3})\.\d$/.exec(bus)?.[1];
  const isIde = /^ide\.\d$/.test(bus);
  if (isIde || sata !== undefined || bus === 'fdc.0') bag.drop('bus');
  if (sata !== undefined) return {target: placeOf('sata', Number(sata) * 6 + Number(number))};
  if (isIde && drive === 'sata') return {target: placeOf(drive, Number(number))};
  if (isIde) return idePlace(Number(number), unit ?? 0);
  return drive === 'floppy' && unit !== undefined ? {target: placeOf('floppy', unit)} : undefined;
}

/** A channel has two drives: what is called a third one has no name of its own. */
function idePlace(bus: number, unit: number): DiskDevicePlace {
  const target = placeOf('ide', bus * 2 + unit);
  return unit < 2 ? {target} : {target, address: {type: 'drive', controller: 0, bus, target: 0, unit}};
}

function driveAddressOf({bus, dev}: DrivePlace): DeviceAddress | undefined {
  const place = driveAddress(bus, dev);
  return place && {type: 'drive', target: 0, ...place};
}

function isAhciBoard({machine}: NativeDraft): boolean {
  return /^(?:pc-)?q35/.test(machine);
}
