import type {DeviceAddress} from '../../../model/devices/address.ts';
import type {DiskDef} from '../../../model/devices/disk.ts';
import {driveAddress} from '../../../model/devices/disk-target.ts';
import {type DriveInterface, type DrivePlace, freePlace, placeOf} from '../disks/drive-place.ts';
import {addDisk, diskOf} from '../disks/drives.ts';
import {claimNode} from '../disks/nodes.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeDeviceBase} from './device-place.ts';

/** What a disk device is to the guest, and the bus it is on. */
interface DiskKind {
  readonly device: DiskDef['device'];
  readonly drive: DriveInterface;
}

const KINDS: Readonly<Record<string, DiskKind>> = {
  'ide-hd': {device: 'disk', drive: 'ide'},
  'ide-drive': {device: 'disk', drive: 'ide'},
  'ide-cd': {device: 'cdrom', drive: 'ide'},
  'scsi-hd': {device: 'disk', drive: 'scsi'},
  'scsi-disk': {device: 'disk', drive: 'scsi'},
  'scsi-cd': {device: 'cdrom', drive: 'scsi'},
  'scsi-block': {device: 'lun', drive: 'scsi'},
  'usb-storage': {device: 'disk', drive: 'usb'},
  floppy: {device: 'floppy', drive: 'floppy'},
  'virtio-blk': {device: 'disk', drive: 'virtio'},
  'virtio-blk-pci': {device: 'disk', drive: 'virtio'},
  'virtio-blk-ccw': {device: 'disk', drive: 'virtio'},
  'virtio-blk-device': {device: 'disk', drive: 'virtio'},
};

/** Reads a disk of `-device`; false when its image is not known. */
export function readDiskDevice(name: string, bag: OptionBag, arg: NativeArg, draft: NativeDraft): boolean {
  const kind = ownProperty(KINDS, name);
  if (!kind) return false;
  const id = bag.take('drive');
  const backend = id === undefined ? emptyDrive() : claimDrive(id, draft);
  if (!backend) return false;
  const shareable = bag.takeSwitch('share-rw') ?? false;
  const serial = bag.take('serial') ?? backend.serial;
  const wwn = takeWwn(bag);
  const wanted = takeTarget(kind.drive, bag, draft);
  const isTaken = draft.devices.some(device => device.kind === 'disk' && device.target.dev === wanted.dev);
  const target = isTaken ? {...freePlace(kind.drive, draft), bus: wanted.bus} : wanted;
  const drivePlace = isTaken ? driveAddressOf(wanted) : undefined;
  const {address, boot, alias} = takeDeviceBase(bag);
  const cache = withWriteCache(backend.driver.cache, bag.takeSwitch('write-cache'));
  bag.drop('scsi', 'share-rw', 'device_id');
  const disk = diskOf(
    {
      ...backend,
      driver: {...backend.driver, ...omitUndefined({cache}), ...takeQueues(bag)},
      ...omitUndefined({serial}),
    },
    backend.media === 'cdrom' && kind.device === 'disk' ? 'cdrom' : kind.device,
    target,
  );
  const more = omitUndefined({address: address ?? drivePlace, boot, alias, wwn});
  addDisk(arg, {...disk, shareable, ...more}, draft);
  return true;
}

/** Where a disk is whose usual name another disk has. */
function driveAddressOf({bus, dev}: DrivePlace): DeviceAddress | undefined {
  const place = driveAddress(bus, dev);
  return place && {type: 'drive', target: 0, ...place};
}

/** 16 digits without a prefix. */
function takeWwn(bag: OptionBag): string | undefined {
  const digits = /^(?:0x)?([0-9A-Fa-f]{1,16})$/.exec(bag.peek('wwn') ?? '')?.[1];
  if (digits !== undefined) bag.take('wwn');
  return digits?.padStart(16, '0');
}

/** How a virtio disk talks to the host. */
function takeQueues(bag: OptionBag) {
  return omitUndefined({
    queues: bag.takeNumber('num-queues'),
    queueSize: bag.takeNumber('queue-size'),
    ioeventfd: bag.takeSwitch('ioeventfd'),
    eventIdx: bag.takeSwitch('event_idx'),
  });
}

function emptyDrive(): DriveBackend {
  return {driver: {format: 'raw'}, media: 'disk', readonly: false};
}

function claimDrive(id: string, draft: NativeDraft): DriveBackend | undefined {
  const pending = draft.drives.get(id);
  if (!pending) return claimNode(id, draft);
  pending.used = true;
  return pending.backend;
}

/** With `-blockdev` the guest's view of the cache is a property of the device. */
function withWriteCache(
  cache: DiskDef['driver']['cache'],
  writeCache: boolean | undefined,
): DiskDef['driver']['cache'] {
  if (writeCache !== false) return cache;
  return cache === 'none' || cache === 'directsync' ? 'directsync' : 'writethrough';
}

/** The target whose place is that of `bus=` and `unit=`; the next free one where they say nothing. */
function takeTarget(drive: DriveInterface, bag: OptionBag, draft: NativeDraft) {
  const bus = bag.peek('bus') ?? '';
  const unit = bag.takeNumber('unit') ?? bag.takeNumber('scsi-id');
  const ide = /^ide\.(\d)$/.exec(bus);
  const sata = /^(?:ahci|sata)(\d+)\.(\d)$/.exec(bus);
  const scsi = /^scsi(\d*)\.0$/.exec(bus);
  if (ide || sata || scsi || bus === 'fdc.0') bag.drop('bus', 'channel', 'lun');
  if (sata) return placeOf('sata', Number(sata[1]) * 6 + Number(sata[2]));
  if (ide && isAhciBoard(draft)) return placeOf('sata', Number(ide[1]));
  if (ide) return placeOf('ide', Number(ide[1]) * 2 + (unit ?? 0));
  if (drive === 'scsi' && unit !== undefined) return placeOf('scsi', Number(scsi?.[1] || 0) * 15 + scsiIndex(unit));
  if (drive === 'floppy' && unit !== undefined) return placeOf('floppy', unit);
  return freePlace(drive === 'ide' && isAhciBoard(draft) ? 'sata' : drive, draft);
}

/** The seventh place is the adapter's own. */
function scsiIndex(unit: number): number {
  return unit > 7 ? unit - 1 : unit;
}

function isAhciBoard({machine}: NativeDraft): boolean {
  return /^(?:pc-)?q35/.test(machine);
}
