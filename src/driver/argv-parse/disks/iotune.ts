import type {DiskDef} from '../../../model/devices/disk.ts';
import type {Pending} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';

type Limit = Exclude<keyof NonNullable<DiskDef['iotune']>, 'groupName'>;

/** QEMU's two names of each limit. Source: QEMU 7.2, blockdev.c, qemu_common_drive_opts and the legacy names. */
const LIMITS: readonly (readonly [Limit, string, string])[] = [
  ['totalBytesSec', 'throttling.bps-total', 'bps'],
  ['readBytesSec', 'throttling.bps-read', 'bps_rd'],
  ['writeBytesSec', 'throttling.bps-write', 'bps_wr'],
  ['totalIopsSec', 'throttling.iops-total', 'iops'],
  ['readIopsSec', 'throttling.iops-read', 'iops_rd'],
  ['writeIopsSec', 'throttling.iops-write', 'iops_wr'],
  ['totalBytesSecMax', 'throttling.bps-total-max', 'bps_max'],
  ['readBytesSecMax', 'throttling.bps-read-max', 'bps_rd_max'],
  ['writeBytesSecMax', 'throttling.bps-write-max', 'bps_wr_max'],
  ['totalIopsSecMax', 'throttling.iops-total-max', 'iops_max'],
  ['readIopsSecMax', 'throttling.iops-read-max', 'iops_rd_max'],
  ['writeIopsSecMax', 'throttling.iops-write-max', 'iops_wr_max'],
  ['sizeIopsSec', 'throttling.iops-size', 'iops_size'],
  ['totalBytesSecMaxLength', 'throttling.bps-total-max-length', 'bps_max_length'],
  ['readBytesSecMaxLength', 'throttling.bps-read-max-length', 'bps_rd_max_length'],
  ['writeBytesSecMaxLength', 'throttling.bps-write-max-length', 'bps_wr_max_length'],
  ['totalIopsSecMaxLength', 'throttling.iops-total-max-length', 'iops_max_length'],
  ['readIopsSecMaxLength', 'throttling.iops-read-max-length', 'iops_rd_max_length'],
  ['writeIopsSecMaxLength', 'throttling.iops-write-max-length', 'iops_wr_max_length'],
];

/** The limits of a `throttle-group`, undefined where it is none, or says more. */
export function takeGroupLimits(object: Pending<OptionBag> | undefined): DiskDef['iotune'] {
  if (object?.backend.peek('qom-type') !== 'throttle-group') return undefined;
  const limits: Partial<Record<Limit, bigint>> = {};
  const bag = object.backend.copy();
  bag.drop('qom-type', 'id');
  for (const [limit, modern] of LIMITS) {
    const name = modern.slice('throttling.'.length);
    for (const key of [`limits.${name}`, `x-${name}`]) {
      const value = bag.takeBig(key);
      if (value !== undefined) limits[limit] = value;
    }
  }
  return bag.rest.length > 0 ? undefined : limits;
}

/** How fast a disk may be; undefined when nothing is said. */
export function takeIotune(bag: OptionBag): DiskDef['iotune'] {
  const limits: Partial<Record<Limit, bigint>> = {};
  for (const [limit, modern, legacy] of LIMITS) {
    for (const key of [modern, legacy]) {
      const value = bag.peek(key);
      if (value !== undefined && /^\d{1,18}$/.test(value)) limits[limit] = BigInt(bag.take(key) ?? value);
    }
  }
  const groupName = bag.take('throttling.group');
  const iotune = {...limits, ...(groupName === undefined ? {} : {groupName})};
  return Object.keys(iotune).length === 0 ? undefined : iotune;
}
