import {attr, child, childAttr, needed, presence, textChild, withDefault} from '../fields/element-fields.ts';
import {elementOf} from '../fields/field.ts';
import {KEPT, kept} from '../fields/kept.ts';
import {checkKind, type KindRules} from '../fields/kinds.ts';
import {printable} from '../fields/names.ts';
import {opaqueChild} from '../fields/opaque.ts';
import {type RecordOf, record} from '../fields/record.ts';
import {integer, matching, oneOf, text, yesNo} from '../fields/scalar.ts';
import type {ElementReader} from '../xml/element-reader.ts';
import type {XmlNode} from '../xml/write-xml.ts';
import {deviceParts} from './device-base.ts';
import type {DeviceCodec, DeviceFormatOptions, DeviceParseContext} from './device-codec.ts';
import {backingStoreField, typedSource} from './disk-backing.ts';
import {diskDriverField} from './disk-driver.ts';
import {authField} from './disk-network.ts';
import {diskResources} from './disk-resources.ts';
import {encryptionField} from './disk-source.ts';
import {diskTargetField} from './disk-target-field.ts';
import {iotuneField} from './disk-tuning.ts';
import {virtioModel} from './virtio-options.ts';

export {DISK_CACHES, DISK_FORMATS} from './disk-driver.ts';
export {DISK_BUSES, type DiskBus} from './disk-target.ts';

export const DISK_DEVICES = ['disk', 'cdrom', 'floppy', 'lun'] as const;
export const DISK_TYPES = ['file', 'block', 'dir', 'network', 'volume', 'nvme', 'vhostuser', 'vhostvdpa'] as const;
type DiskType = (typeof DISK_TYPES)[number];

/** Buses that a start cannot attach. */
const NOT_STARTED: readonly string[] = ['xen', 'none'];

const geometry = record({
  cylinders: needed(attr('cyls', integer())),
  heads: needed(attr('heads', integer())),
  sectors: needed(attr('secs', integer())),
  translation: attr('trans', oneOf('none', 'auto', 'lba')),
});

const blockio = record({
  logicalBlockSize: attr('logical_block_size', integer()),
  physicalBlockSize: attr('physical_block_size', integer()),
  discardGranularity: attr('discard_granularity', integer()),
});

/** Source of the pattern: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, diskSerial. */
const serialNumber = matching(
  /^[A-Za-z0-9_.+ -]+$/,
  "made of nothing but letters, digits, spaces and '_', '.', '+', '-'",
);

/** In libvirt's order. `source` is absent in an empty drive. */
const shape = {
  device: withDefault(attr('device', oneOf(...DISK_DEVICES)), 'disk'),
  model: attr('model', virtioModel),
  rawio: kept(attr('rawio', yesNo)),
  sgio: kept(attr('sgio', oneOf('filtered', 'unfiltered'))),
  snapshot: attr('snapshot', oneOf('no', 'internal', 'external', 'manual')),
  driver: withDefault(diskDriverField, {format: 'raw'}),
  auth: child('auth', authField),
  source: typedSource,
  backingStore: backingStoreField,
  backendDomain: kept(childAttr('backenddomain', 'name', text)),
  geometry: child('geometry', geometry),
  blockio: child('blockio', blockio),
  mirror: kept(opaqueChild('mirror')),
  target: diskTargetField,
  iotune: child('iotune', iotuneField),
  readonly: presence('readonly'),
  shareable: presence('shareable'),
  transient: child('transient', record({shareBacking: attr('shareBacking', yesNo)})),
  serial: textChild('serial', serialNumber),
  wwn: textChild('wwn', matching(/^(0x)?[0-9A-Fa-f]{16}$/, '16 hexadecimal digits')),
  vendor: textChild('vendor', printable(0, 8)),
  product: textChild('product', printable(0, 16)),
  encryption: child('encryption', encryptionField),
  ...deviceParts,
};

const diskRecord = record(shape);

type DiskFields = RecordOf<typeof shape>;

export interface DiskDef extends DiskFields {
  readonly kind: 'disk';
  /** Of an empty drive: what kind of source it takes, where that is not a file. */
  readonly emptyType?: DiskType;
}

/** Disks, CD-ROM and floppy drives. */
export const diskCodec: DeviceCodec<DiskDef> = {
  elements: ['disk'],
  parse: parseDisk,
  format: formatDisk,
  hostResources: diskResources,
};

function parseDisk(reader: ElementReader, context: DeviceParseContext): DiskDef | undefined {
  const type = reader.choice('type', DISK_TYPES) ?? 'file';
  const fields = diskRecord.read(reader, context);
  if (reader.isStrict) checkForm(reader);
  if (!fields) return undefined;
  checkSource(reader, fields, type);
  warnAboutStart(reader, fields);
  const isReadOnly = fields.readonly || fields.device === 'cdrom';
  const emptyType = fields.source === undefined && type !== 'file' ? {emptyType: type} : {};
  return {kind: 'disk', ...fields, ...directoryFormat(reader, fields), readonly: isReadOnly, ...emptyType};
}

/** A directory is shown as a FAT file system. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDeviceDiskDefPostParse. */
function directoryFormat(reader: ElementReader, {source, driver}: DiskFields): Partial<DiskFields> {
  if (source?.type !== 'dir' || reader.child('driver')?.attribute('type')) return {};
  return {driver: {...driver, format: 'fat'}};
}

function checkSource(reader: ElementReader, {source, device, target}: DiskFields, type: DiskType): void {
  const attribute = type === 'file' ? 'file' : type === 'block' ? 'dev' : undefined;
  const needsMedium = device === 'disk' || device === 'lun';
  if (source || !needsMedium || attribute === undefined) return;
  if (reader.child('source')?.attribute(attribute)) return;
  reader.error(`the disk '${target.dev}' has no source: <source ${attribute}='PATH'/> is missing`);
}

const ANY_DISK = {may: ['@type']};

/** Source: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, disk. */
const DEVICE_KINDS: KindRules = {
  disk: ANY_DISK,
  cdrom: ANY_DISK,
  floppy: ANY_DISK,
  lun: {must: ['@type'], may: ['@rawio', '@sgio'], words: {type: ['network', 'block', 'volume']}},
};

const LIMITS = [
  'bytes_sec',
  'iops_sec',
  'bytes_sec_max',
  'iops_sec_max',
  'bytes_sec_max_length',
  'iops_sec_max_length',
];

/** What the schema has against a disk, besides its values. */
function checkForm(reader: ElementReader): void {
  checkKind(reader, 'device', DEVICE_KINDS, 'disk');
  const iotune = reader.child('iotune');
  for (const limit of LIMITS) {
    if (iotune?.child(`total_${limit}`) && (iotune.child(`read_${limit}`) || iotune.child(`write_${limit}`)))
      iotune.schemaError(`<total_${limit}> does not go with <read_${limit}> and <write_${limit}>`);
  }
}

/** What the driver cannot attach yet is kept, and said. */
function warnAboutStart(reader: ElementReader, {target}: DiskFields): void {
  if (NOT_STARTED.includes(target.bus)) reader.child('target')?.warn(`the bus '${target.bus}' ${KEPT}`, 'bus');
}

function formatDisk(disk: DiskDef, options: DeviceFormatOptions): XmlNode {
  const node = elementOf<DiskFields>('disk', diskRecord, disk, options);
  if (disk.source) return node;
  return {...node, attributes: [['type', disk.emptyType ?? 'file'], ...node.attributes]};
}
