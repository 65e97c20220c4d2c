import type {DiskDef} from '../../../model/devices/disk.ts';
import {takeErrorPolicies, takeGeometry} from '../disks/drive-options.ts';
import type {DrivePlace} from '../disks/drive-place.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {takeIothread, takeVirtioOptions} from './virtio-device.ts';

type Properties = Pick<DiskDef, 'shareable'> &
  Partial<Pick<DiskDef, 'wwn' | 'vendor' | 'product' | 'blockio' | 'target'>>;

/** The image with what the device says of how it is used, and what else the device is. */
export function takeDiskProperties(
  backend: DriveBackend,
  target: DrivePlace,
  bag: OptionBag,
  draft: NativeDraft,
): {readonly backend: DriveBackend; readonly more: Properties} {
  const cache = withWriteCache(backend.driver.cache, bag.takeSwitch('write-cache'));
  // libvirt and this driver put a backslash before a space.
  const serial = bag.take('serial')?.replaceAll('\\ ', ' ') ?? backend.serial;
  const geometry = takeGeometry(bag, 'bios-chs-trans') ?? backend.geometry;
  const driver = {...backend.driver, ...takeErrorPolicies(bag), ...omitUndefined({cache}), ...takeQueues(bag, draft)};
  const more = omitUndefined({
    shareable: bag.takeSwitch('share-rw') ?? false,
    wwn: takeWwn(bag),
    vendor: bag.take('vendor'),
    product: bag.take('product'),
    blockio: takeBlockio(bag),
    target: takeTarget(target, bag),
  });
  // What libvirt's driver and ours always write.
  bag.drop('scsi', 'device_id');
  return {backend: {...backend, driver, ...omitUndefined({serial, geometry})}, more};
}

/** A medium that can be taken out, or one that turns. */
function takeTarget(target: DrivePlace, bag: OptionBag): DiskDef['target'] | undefined {
  const removable = bag.takeSwitch('removable');
  const rotationRate = bag.takeNumber('rotation_rate');
  if (removable !== true && rotationRate === undefined) return undefined;
  return {...target, ...omitUndefined({removable: removable || undefined, rotationRate})};
}

/** 16 digits without a prefix; JSON and newer emulators have a number. */
function takeWwn(bag: OptionBag): string | undefined {
  const text = bag.peek('wwn') ?? '';
  const digits =
    /^0x([0-9A-Fa-f]{1,16})$/.exec(text)?.[1] ?? (/^\d{1,20}$/.test(text) ? BigInt(text).toString(16) : text);
  if (!/^[0-9A-Fa-f]{1,16}$/.test(digits)) return undefined;
  bag.take('wwn');
  return digits.padStart(16, '0');
}

function takeBlockio(bag: OptionBag): DiskDef['blockio'] {
  const blockio = omitUndefined({
    logicalBlockSize: bag.takeNumber('logical_block_size'),
    physicalBlockSize: bag.takeNumber('physical_block_size'),
    discardGranularity: bag.takeNumber('discard_granularity'),
  });
  return Object.keys(blockio).length > 0 ? blockio : undefined;
}

/** How a virtio disk talks to the host. */
function takeQueues(bag: OptionBag, draft: NativeDraft) {
  return omitUndefined({
    iothread: takeIothread(bag, draft),
    queues: bag.takeNumber('num-queues'),
    queueSize: bag.takeNumber('queue-size'),
    ioeventfd: bag.takeSwitch('ioeventfd'),
    eventIdx: bag.takeSwitch('event_idx'),
    ...takeVirtioOptions(bag),
  });
}

/** With `-blockdev` the guest's view of the cache is a property of the device. */
function withWriteCache(
  cache: DiskDef['driver']['cache'],
  writeCache: boolean | undefined,
): DiskDef['driver']['cache'] {
  if (writeCache === undefined) return cache;
  if (writeCache) return cache ?? 'writeback';
  return cache === 'none' || cache === 'directsync' ? 'directsync' : 'writethrough';
}
