import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DriveInterface} from '../disks/drive-place.ts';
import {addDisk, diskOf} from '../disks/drives.ts';
import {claimNode} from '../disks/nodes.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';
import {takeDiskPlace} from './disk-device-place.ts';
import {takeDiskProperties} from './disk-properties.ts';
import {takeVirtioModel} from './virtio-device.ts';

/** A disk, as what the guest sees it and the bus that it is on; false when its image is not known. */
function disk(kind: DiskDef['device'], drive: DriveInterface): DeviceReader {
  return ({bag, arg, model}, draft) => {
    const id = bag.peek('drive');
    const backend = bag.peek('chardev') !== undefined ? takeProcess(bag, draft) : claimDrive(id, draft);
    if (!backend) return false;
    bag.take('drive');
    const {target, address} = takeDiskPlace(drive, bag, draft);
    const passes = drive === 'virtio' && bag.takeSwitch('scsi') === true;
    const device = passes ? 'lun' : backend.media === 'cdrom' && kind === 'disk' ? 'cdrom' : kind;
    const properties = takeDiskProperties(backend, target, bag, draft);
    const base = takeDeviceBase(bag, draft);
    const own = model && takeVirtioModel(model, bag);
    addDisk(
      arg,
      {
        ...diskOf(properties.backend, device, target),
        ...properties.more,
        ...omitUndefined({model: own === 'virtio' ? undefined : own, address}),
        ...base,
      },
      draft,
    );
    return true;
  };
}

/** The names of the devices. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildDiskDeviceProps. */
export const DISK_DEVICES: DeviceReaders = {
  'ide-hd': disk('disk', 'ide'),
  'ide-drive': disk('disk', 'ide'),
  'ide-cd': disk('cdrom', 'ide'),
  'scsi-hd': disk('disk', 'scsi'),
  'scsi-disk': disk('disk', 'scsi'),
  'scsi-cd': disk('cdrom', 'scsi'),
  'scsi-block': disk('lun', 'scsi'),
  'usb-storage': disk('disk', 'usb'),
  floppy: disk('floppy', 'floppy'),
  'virtio-blk': disk('disk', 'virtio'),
  'vhost-user-blk': disk('disk', 'virtio'),
};

/** Without an image it is an empty drive. */
const EMPTY: DriveBackend = {driver: {format: 'raw'}, media: 'disk', readonly: false};

/** A disk that is a process behind a socket. */
function takeProcess(bag: OptionBag, draft: NativeDraft): DriveBackend | undefined {
  const pending = draft.chardevs.get(bag.peek('chardev') ?? '');
  const unix = pending?.backend?.source;
  if (!pending || unix?.type !== 'unix' || unix.path === undefined || unix.mode !== 'connect') return undefined;
  bag.take('chardev');
  pending.used = true;
  const {path, reconnect} = unix;
  return {...EMPTY, source: {type: 'vhostuser', path, ...omitUndefined({reconnect})}};
}

function claimDrive(id: string | undefined, draft: NativeDraft): DriveBackend | undefined {
  if (id === undefined) return EMPTY;
  const pending = draft.drives.get(id);
  if (!pending) return claimNode(id, draft);
  pending.used = true;
  return pending.backend;
}
