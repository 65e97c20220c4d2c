import type {IotuneDef} from '../../../model/devices/disk-tuning.ts';

/** A limit of a disk, as a number. */
export type DiskLimit = Exclude<keyof IotuneDef, 'groupName'>;

/**
 * QEMU's two names of each limit: in `-drive` of today, and in `-drive` of before and in `block_set_io_throttle`.
 * Source: QEMU 7.2, blockdev.c, qemu_common_drive_opts and drive_new; qapi/block-core.json, BlockIOThrottle.
 */
export const THROTTLE_NAMES: readonly (readonly [limit: DiskLimit, modern: string, short: string])[] = [
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
