import {type ElementReader, unknownValue} from '../xml/element-reader.ts';
import {element, textElement, type XmlNode} from '../xml/write-xml.ts';
import type {DeviceBase} from './device-base.ts';
import {
  absolutePath,
  aliasName,
  type DeviceCodec,
  type DeviceFormatOptions,
  type DeviceParseContext,
  type HostResource,
  parseAlias,
  warnAboutAddress,
} from './device-codec.ts';
import {busOfTarget, DISK_BUSES, type DiskBus, driveAddress, targetIndex} from './disk-target.ts';

export {DISK_BUSES, type DiskBus} from './disk-target.ts';

export const DISK_DEVICES = ['disk', 'cdrom'] as const;

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
  'ploop',
  'luks',
] as const;

export const DISK_CACHES = ['default', 'none', 'writethrough', 'writeback', 'directsync', 'unsafe'] as const;

export interface DiskDef extends DeviceBase {
  readonly kind: 'disk';
  readonly device: (typeof DISK_DEVICES)[number];
  /** Where the bytes are; absent in an empty drive. */
  readonly source?: {readonly type: 'file' | 'block'; readonly path: string};
  /** Of the source: `raw`, `qcow2`, ...; libvirt's default is `raw` and never probed. */
  readonly format: string;
  /** e.g. `hda`, `vdb`, `sdc`: the position on the bus. */
  readonly target: {readonly dev: string; readonly bus: DiskBus};
  readonly readonly: boolean;
  readonly shareable: boolean;
  readonly cache?: 'default' | 'none' | 'writethrough' | 'writeback' | 'directsync' | 'unsafe';
  readonly serial?: string;
}

/** Disks and CD-ROM drives. */
export const diskCodec: DeviceCodec<DiskDef> = {
  elements: ['disk'],
  parse: parseDisk,
  format: formatDisk,
  hostResources: disk => (disk.source ? [diskResource(disk, disk.source)] : []),
};

function parseDisk(reader: ElementReader, context: DeviceParseContext): DiskDef | undefined {
  const sort = parseSort(reader);
  if (!sort) return undefined;
  const {type, device} = sort;
  const target = parseTarget(reader);
  const path = parseSource(reader, type);
  if (path === undefined && device === 'disk') {
    reader.error(
      `the disk '${target?.dev ?? '?'}' has no source: <source ${sourceAttribute(type)}='PATH'/> is missing`,
    );
  }
  const driver = parseDriver(reader);
  const serial = parseSerialNumber(reader);
  const marked = reader.child('readonly') !== undefined;
  const shareable = reader.child('shareable') !== undefined;
  const alias = parseAlias(reader, context);
  if (!target) return undefined;
  checkAddress(reader, target);
  return {
    kind: 'disk',
    device,
    ...(path === undefined ? {} : {source: {type, path}}),
    ...driver,
    target,
    readonly: marked || device === 'cdrom',
    shareable,
    ...(serial === undefined ? {} : {serial}),
    ...alias,
  };
}

/** What kind of disk it is; one that cannot be attached is an error, because the guest would be another one without it. */
function parseSort(reader: ElementReader): {type: 'file' | 'block'; device: DiskDef['device']} | undefined {
  const type = reader.attribute('type') ?? 'file';
  if (type !== 'file' && type !== 'block') {
    return reader.refuse(`<disk type='${type}'> is not supported yet: only 'file' and 'block' are`, 'type');
  }
  const word = reader.attribute('device') ?? 'disk';
  const device = DISK_DEVICES.find(candidate => candidate === word);
  if (device) return {type, device};
  return reader.refuse(`<disk device='${word}'> is not supported yet: only 'disk' and 'cdrom' are`, 'device');
}

function sourceAttribute(type: 'file' | 'block'): 'file' | 'dev' {
  return type === 'file' ? 'file' : 'dev';
}

function parseSource(reader: ElementReader, type: 'file' | 'block'): string | undefined {
  // A running libvirt numbers its images and shows the chain below them: nothing of it is a wish.
  for (const backing of reader.children('backingStore')) if (backing.element.children.length > 0) backing.drop();
  const source = reader.child('source');
  source?.tolerateAttributes('index');
  const name = sourceAttribute(type);
  const path = source?.attribute(name);
  return source && path ? absolutePath(source, path, name) : undefined;
}

function parseDriver(reader: ElementReader): Pick<DiskDef, 'format' | 'cache'> {
  const driver = reader.child('driver');
  const name = driver?.attribute('name');
  if (name !== undefined && name !== 'qemu')
    driver?.error(unknownValue('the driver of a disk', name, ['qemu']), 'name');
  const format = driver?.choice('type', DISK_FORMATS) ?? 'raw';
  const cache = driver?.choice('cache', DISK_CACHES);
  return {format, ...(cache === undefined ? {} : {cache})};
}

function parseTarget(reader: ElementReader): DiskDef['target'] | undefined {
  const target = reader.child('target');
  target?.tolerateAttributes('tray');
  const dev = target?.attribute('dev');
  if (!target || !dev) {
    reader.error("the disk has no target: <target dev='hda'/> or the like is missing");
    target?.tolerateAttributes('bus');
    return undefined;
  }
  const busGiven = target.attribute('bus');
  const bus = busGiven === undefined ? busOfTarget(dev) : DISK_BUSES.find(candidate => candidate === busGiven);
  if (targetIndex(dev) === undefined) {
    target.error(`'${dev}' is not the name of a target: it must be like 'hda', 'sdb' or 'vda'`, 'dev');
  } else if (!bus) {
    const [what, at] = busGiven === undefined ? [`the target '${dev}'`, 'dev'] : [`the bus '${busGiven}'`, 'bus'];
    target.error(`${what} is not supported yet: the buses are ${DISK_BUSES.join(', ')}`, at);
  }
  return bus && {dev, bus};
}

/** Source of the pattern: libvirt 9.0.0, src/conf/schemas/domaincommon.rng, diskSerial. */
function parseSerialNumber(reader: ElementReader): string | undefined {
  const serial = reader.childText('serial');
  if (serial !== undefined && !/^[A-Za-z0-9_.+ -]+$/.test(serial)) {
    const allowed = "letters, digits, spaces and '_', '.', '+', '-'";
    reader.child('serial')?.error(`the serial number '${serial}' may have nothing but ${allowed}`);
  }
  return serial;
}

/** A `<address type='drive'>` that says what the target says is harmless; any other address is a wish. */
function checkAddress(reader: ElementReader, target: DiskDef['target']): void {
  const address = reader.child('address');
  if (!address) return;
  const implied = driveAddress(target.bus, target.dev);
  const said = (name: string) => Number(address.attribute(name) ?? 0);
  const same =
    implied !== undefined &&
    address.attribute('type') === 'drive' &&
    said('controller') === implied.controller &&
    said('bus') === implied.bus &&
    said('unit') === implied.unit &&
    said('target') === 0;
  if (!same) warnAboutAddress(reader);
}

function formatDisk(disk: DiskDef, options: DeviceFormatOptions): XmlNode {
  const type = disk.source?.type ?? 'file';
  const alias = aliasName(disk, options);
  return element('disk', {type, device: disk.device}, [
    element('driver', {name: 'qemu', type: disk.format, cache: disk.cache}),
    disk.source && element('source', {[sourceAttribute(type)]: disk.source.path}),
    element('target', {dev: disk.target.dev, bus: disk.target.bus}),
    disk.readonly ? element('readonly') : undefined,
    disk.shareable ? element('shareable') : undefined,
    textElement('serial', disk.serial),
    alias === undefined ? undefined : element('alias', {name: alias}),
  ]);
}

function diskResource(disk: DiskDef, source: {readonly type: 'file' | 'block'; readonly path: string}): HostResource {
  return {
    role: 'disk',
    path: source.path,
    type: source.type,
    access: disk.readonly ? 'read' : 'write',
    shared: disk.shareable || disk.readonly,
    created: false,
    device: disk.target.dev,
  };
}
