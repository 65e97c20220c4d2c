import {child, ownTextOrNone, textChild} from '../fields/element-fields.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {big, text} from '../fields/scalar.ts';

const limits = {
  totalBytesSec: textChild('total_bytes_sec', big),
  readBytesSec: textChild('read_bytes_sec', big),
  writeBytesSec: textChild('write_bytes_sec', big),
  totalIopsSec: textChild('total_iops_sec', big),
  readIopsSec: textChild('read_iops_sec', big),
  writeIopsSec: textChild('write_iops_sec', big),
  totalBytesSecMax: textChild('total_bytes_sec_max', big),
  readBytesSecMax: textChild('read_bytes_sec_max', big),
  writeBytesSecMax: textChild('write_bytes_sec_max', big),
  totalIopsSecMax: textChild('total_iops_sec_max', big),
  readIopsSecMax: textChild('read_iops_sec_max', big),
  writeIopsSecMax: textChild('write_iops_sec_max', big),
  sizeIopsSec: textChild('size_iops_sec', big),
  groupName: child('group_name', ownTextOrNone(text)),
  totalBytesSecMaxLength: textChild('total_bytes_sec_max_length', big),
  readBytesSecMaxLength: textChild('read_bytes_sec_max_length', big),
  writeBytesSecMaxLength: textChild('write_bytes_sec_max_length', big),
  totalIopsSecMaxLength: textChild('total_iops_sec_max_length', big),
  readIopsSecMaxLength: textChild('read_iops_sec_max_length', big),
  writeIopsSecMaxLength: textChild('write_iops_sec_max_length', big),
};

/** How fast a disk may be. Source: libvirt 9.0.0, docs/formatdomain, "Hard drives", iotune. */
export const iotuneField = record(limits);
export type IotuneDef = RecordOf<typeof limits>;
