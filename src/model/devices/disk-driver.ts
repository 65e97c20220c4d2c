import {attr, child, withDefault} from '../fields/element-fields.ts';
import type {Field} from '../fields/field.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, oneOf, onOff, type Scalar, within} from '../fields/scalar.ts';
import {sizeBytes} from '../fields/size.ts';
import {unknownValue} from '../xml/element-reader.ts';
import {virtioOptions} from './virtio-options.ts';

/** Image formats of QEMU that libvirt has a name for. Source: libvirt 9.0.0, src/conf/storage_source_conf.c, virStorageFileFormat. */
export const DISK_FORMATS = [
  'raw',
  'qcow2',
  'qcow',
  'qed',
  'vmdk',
  'vdi',
  'vpc',
  'bochs',
  'cloop',
  'dmg',
  'iso',
  'vhd',
  'ploop',
  'luks',
  'fat',
  'dir',
  'cow',
] as const;

/** What the schema has besides. */
export const STORAGE_FORMATS: ReadonlySet<string> = new Set([...DISK_FORMATS, 'dir', 'iso', 'vhd']);

export const DISK_CACHES = ['default', 'none', 'writethrough', 'writeback', 'directsync', 'unsafe'] as const;

export type DiskFormat = (typeof DISK_FORMATS)[number];

const formatWord = oneOf(...DISK_FORMATS);

/** `aio` is what Xen called raw images with asynchronous access. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainDiskDefDriverParseXML. */
const format: Scalar<DiskFormat> = {...formatWord, parse: word => (word === 'aio' ? 'raw' : formatWord.parse(word))};

const whole = within(integer(), 1, 2 ** 32 - 1);

/** How an image is opened; `format` is `raw` unless it is said, and never probed. */
const shape = {
  format: withDefault(attr('type', format), 'raw'),
  cache: attr('cache', oneOf(...DISK_CACHES)),
  errorPolicy: attr('error_policy', oneOf('stop', 'report', 'ignore', 'enospace')),
  rerrorPolicy: attr('rerror_policy', oneOf('stop', 'report', 'ignore')),
  io: attr('io', oneOf('native', 'threads', 'io_uring')),
  ioeventfd: attr('ioeventfd', onOff),
  eventIdx: attr('event_idx', onOff),
  copyOnRead: attr('copy_on_read', onOff),
  discard: attr('discard', oneOf('unmap', 'ignore')),
  iothread: attr('iothread', integer(1)),
  detectZeroes: attr('detect_zeroes', oneOf('off', 'on', 'unmap')),
  discardNoUnref: attr('discard_no_unref', onOff),
  queues: attr('queues', whole),
  queueSize: attr('queue_size', whole),
  iommu: virtioOptions.iommu,
  ats: virtioOptions.ats,
  packed: virtioOptions.packed,
  pagePerVq: virtioOptions.pagePerVq,
  metadataCacheBytes: child('metadata_cache', child('max_size', sizeBytes)),
};

export type DiskDriver = RecordOf<typeof shape>;

const driverRecord = record(shape);

/** `<driver name='qemu'>`; there is no other driver. */
export const diskDriverField: Field<DiskDriver> = child('driver', {
  read: (reader, context) => {
    const name = reader.attribute('name');
    if (name !== undefined && name !== 'qemu')
      reader.error(unknownValue('the driver of a disk', name, ['qemu']), 'name');
    return driverRecord.read(reader, context);
  },
  write: (value, into, context) => {
    into.attributes.push(['name', 'qemu']);
    driverRecord.write(value, into, context);
  },
});
