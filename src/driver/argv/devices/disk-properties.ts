import type {DiskDef} from '../../../model/devices/disk.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';
import {effectiveCache, errorPolicies} from './disk-modes.ts';
import {virtioOptions} from './virtio-args.ts';

/** What the guest's side of a disk is told besides its place and its image. */
export function diskProperties(disk: DiskDef, {caps}: ArgvInput): OptionRecord {
  // All three came before `-blockdev`, in 2.7 to 2.9, and are told apart by nothing else; before, `-drive` has the policies.
  const isNew = caps.flags.has('blockdev');
  return {
    ...identity(disk),
    ...geometry(disk),
    ...(disk.target.bus === 'virtio' ? virtioQueues(disk) : {}),
    ...(isNew ? errorPolicies(disk.driver) : {}),
    'share-rw': isNew && disk.shareable ? true : undefined,
    'write-cache': isNew ? writeCache(disk) : undefined,
  };
}

function identity(disk: DiskDef): OptionRecord {
  const {serial, wwn, vendor, product, target} = disk;
  const hex = wwn?.replace(/^0x/, '');
  return {
    // A space is escaped as it was when it stood in -drive: the guest goes on seeing the serial number that it has always seen.
    serial: serial?.replaceAll(' ', '\\ '),
    wwn: hex === undefined ? undefined : BigInt(`0x${hex}`),
    vendor,
    product,
    removable: removable(disk),
    rotation_rate: target.rotationRate,
  };
}

/** A USB stick is said not to be one unless it is wished. */
function removable({target, device}: DiskDef): boolean | undefined {
  if (target.bus === 'usb') return target.removable ?? false;
  return target.bus === 'scsi' && device === 'disk' ? target.removable : undefined;
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

function virtioQueues({driver, device, source}: DiskDef): OptionRecord {
  return {
    iothread: driver.iothread === undefined ? undefined : `iothread${driver.iothread}`,
    ioeventfd: driver.ioeventfd,
    event_idx: driver.eventIdx,
    // The guest's SCSI commands go to the LUN.
    scsi: device === 'lun' && source?.type !== 'vhostuser' ? true : undefined,
    'num-queues': driver.queues,
    'queue-size': driver.queueSize,
    ...virtioOptions(driver),
  };
}

/** The guest's view of the cache; how the image is opened is the backend's. Source: QEMU 7.2, docs/devel, cache modes. */
function writeCache(disk: DiskDef): 'on' | 'off' | undefined {
  const cache = effectiveCache(disk);
  if (disk.device === 'lun' || cache === undefined) return undefined;
  return cache === 'writethrough' || cache === 'directsync' ? 'off' : 'on';
}

/**
 * What a SCSI disk is called in its identification page: its serial number, else a name that holds. The property came
 * with QEMU 4.0, which no probe tells apart from 4.1, when `-smp dies=` came.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildDiskDeviceProps
 */
export function scsiDeviceId(disk: DiskDef, {caps}: ArgvInput): string | undefined {
  if (disk.target.bus !== 'scsi' || disk.device === 'lun' || !caps.flags.has('smp-dies')) return undefined;
  return disk.serial ?? `drive-${disk.alias}`;
}
