import type {DiskDef} from '../../../model/devices/disk.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';
import {virtioOptions} from './virtio-args.ts';

/** What the guest's side of a disk is told besides its place and its image. */
export function diskProperties(disk: DiskDef, {caps}: ArgvInput): OptionRecord {
  // Both properties came before `-blockdev`, in 2.7 and 2.9, and are told apart by nothing else.
  const writable = disk.source !== undefined && disk.device === 'disk' && caps.flags.has('blockdev');
  const {errorPolicy, rerrorPolicy} = disk.driver;
  return {
    ...identity(disk),
    ...geometry(disk),
    ...(disk.target.bus === 'virtio' ? virtioQueues(disk) : {}),
    werror: errorPolicy === 'enospace' ? 'enospc' : errorPolicy,
    // `enospace` means something for writing only.
    rerror: rerrorPolicy ?? (errorPolicy === 'enospace' ? undefined : errorPolicy),
    'share-rw': writable && disk.shareable ? true : undefined,
    'write-cache': caps.flags.has('blockdev') ? writeCache(disk) : undefined,
  };
}

function identity({serial, wwn, vendor, product, target}: DiskDef): OptionRecord {
  const hex = wwn?.replace(/^0x/, '');
  return {
    serial,
    wwn: hex === undefined ? undefined : BigInt(`0x${hex}`),
    vendor,
    product,
    removable: target.bus === 'usb' ? (target.removable ?? false) : undefined,
    rotation_rate: target.rotationRate,
  };
}

function geometry({geometry: made, blockio}: DiskDef): OptionRecord {
  return {
    cyls: made?.cylinders,
    heads: made?.heads,
    secs: made?.sectors,
    'bios-chs-trans': made?.translation,
    logical_block_size: blockio?.logicalBlockSize,
    physical_block_size: blockio?.physicalBlockSize,
    discard_granularity: blockio?.discardGranularity,
  };
}

function virtioQueues({driver}: DiskDef): OptionRecord {
  return {
    iothread: driver.iothread === undefined ? undefined : `iothread${driver.iothread}`,
    ioeventfd: driver.ioeventfd,
    event_idx: driver.eventIdx,
    'num-queues': driver.queues,
    'queue-size': driver.queueSize,
    ...virtioOptions(driver),
  };
}

/** The guest's view of the cache; how the image is opened is the backend's. Source: QEMU 7.2, docs/devel, cache modes. */
function writeCache({device, driver}: DiskDef): boolean | undefined {
  if (device === 'lun') return undefined;
  if (driver.cache === undefined || driver.cache === 'default') return undefined;
  return driver.cache !== 'writethrough' && driver.cache !== 'directsync';
}

/** What a SCSI disk is called in its identification page: its serial number, else a name that holds. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDiskGetBackendAlias. */
export function scsiDeviceId(disk: DiskDef): string | undefined {
  if (disk.target.bus !== 'scsi' || disk.device === 'lun' || disk.address === undefined) return undefined;
  return disk.serial ?? `drive-${disk.alias}`;
}
