import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DriveInterface} from '../disks/drive-place.ts';
import {addDisk, diskOf} from '../disks/drives.ts';
import {claimNode} from '../disks/nodes.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeDeviceBase} from './device-place.ts';
import {takeDiskPlace} from './disk-device-place.ts';

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
  const {target, address} = takeDiskPlace(kind.drive, bag, draft);
  const device = backend.media === 'cdrom' && kind.device === 'disk' ? 'cdrom' : kind.device;
  const more = omitUndefined({address, wwn: takeWwn(bag), ...takeDeviceBase(bag)});
  const shareable = bag.takeSwitch('share-rw') ?? false;
  bag.drop('scsi', 'device_id');
  addDisk(arg, {...diskOf(withProperties(backend, bag), device, target), shareable, ...more}, draft);
  return true;
}

/** The image with what the device says of how it is used. */
function withProperties(backend: DriveBackend, bag: OptionBag): DriveBackend {
  const cache = withWriteCache(backend.driver.cache, bag.takeSwitch('write-cache'));
  const serial = bag.take('serial') ?? backend.serial;
  const driver = {...backend.driver, ...omitUndefined({cache}), ...takeQueues(bag)};
  return {...backend, driver, ...omitUndefined({serial})};
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
