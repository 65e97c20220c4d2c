import {formatProblem} from '../base/problem.ts';
import type {DiskSource} from './devices/disk-source.ts';
import type {DomainDef} from './domain-def.ts';
import {parseXml} from './xml/parse-xml.ts';
import type {XmlElement} from './xml/xml-element.ts';

/** A storage pool of libvirt, as far as it says where its volumes are. */
export interface PoolDef {
  readonly name: string;
  readonly type: string;
  /** Where the volumes are on this host. */
  readonly targetPath?: string;
  readonly hosts: readonly {readonly name: string; readonly port?: number}[];
  /** The name that the source has: a volume group, a pool of Ceph, a volume of Gluster. */
  readonly sourceName?: string;
  readonly sourceDir?: string;
  /** The first device of the source: of iSCSI the target. */
  readonly device?: string;
  readonly initiator?: string;
  readonly auth?: {readonly username: string; readonly secret: {readonly type: string; uuid?: string; usage?: string}};
}

/** Reads `<pool>`. @returns a sentence where it is none */
export function parsePool(xml: string): PoolDef | string {
  const {root, problems} = parseXml(xml);
  if (!root) return problems.map(formatProblem).join('; ');
  const [name, type] = [childOf(root, 'name')?.text, root.attributes.get('type')];
  if (root.name !== 'pool' || !name || !type) return `<${root.name}> is no <pool type='TYPE'> with a <name>`;
  const source = childOf(root, 'source');
  const targetPath = childOf(childOf(root, 'target'), 'path')?.text;
  const sourceName = childOf(source, 'name')?.text;
  const sourceDir = childOf(source, 'dir')?.attributes.get('path');
  const device = childOf(source, 'device')?.attributes.get('path');
  const initiator = childOf(childOf(source, 'initiator'), 'iqn')?.attributes.get('name');
  const auth = authOf(childOf(source, 'auth'), type);
  return {
    name,
    type,
    hosts: (source?.children ?? []).filter(child => child.name === 'host').flatMap(hostOf),
    ...(targetPath ? {targetPath} : {}),
    ...(sourceName ? {sourceName} : {}),
    ...(sourceDir ? {sourceDir} : {}),
    ...(device ? {device} : {}),
    ...(initiator ? {initiator} : {}),
    ...(auth ? {auth} : {}),
  };
}

function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find(child => child.name === name);
}

function hostOf({attributes}: XmlElement): PoolDef['hosts'] {
  const [name, port] = [attributes.get('name'), Number(attributes.get('port'))];
  if (!name) return [];
  return [{name, ...(port > 0 ? {port} : {})}];
}

function authOf(auth: XmlElement | undefined, poolType: string): PoolDef['auth'] {
  const username = auth?.attributes.get('username');
  const secret = childOf(auth, 'secret')?.attributes;
  if (!username || !secret) return undefined;
  const [uuid, usage] = [secret.get('uuid'), secret.get('usage')];
  const type = poolType === 'rbd' ? 'ceph' : 'iscsi';
  return {username, secret: {type, ...(uuid ? {uuid} : {}), ...(usage ? {usage} : {})}};
}

type VolumeSource = Extract<DiskSource, {readonly type: 'volume'}>;

/** Finds the bytes of a volume; undefined where nobody knows them. */
export type FindVolume = (source: VolumeSource) => DiskSource | undefined;

/** A definition whose volumes are the files, devices and images that they stand for; those that are not found stay. */
export function withVolumes(def: DomainDef, find: FindVolume): DomainDef {
  const devices = def.devices.map(device => {
    if (device.kind !== 'disk' || device.source?.type !== 'volume') return device;
    const found = find(device.source);
    if (found === undefined) return device;
    const {type: _type, pool: _pool, volume: _volume, mode: _mode, ...common} = device.source;
    // The decoder: what every source may have goes with it.
    const source = {...found, ...common} as DiskSource;
    return {...device, source, ...(found.type === 'dir' ? {driver: {...device.driver, format: 'fat' as const}} : {})};
  });
  return {...def, devices};
}

/** Pools whose volumes are block devices below their target. */
const OF_DEVICES: readonly string[] = ['disk', 'logical', 'scsi', 'mpath', 'zfs'];
/** Pools whose volumes are files below their target. */
const OF_FILES: readonly string[] = ['dir', 'fs', 'netfs', 'vstorage'];

/**
 * What a volume of a pool stands for, by the pool's definition alone.
 *
 * @returns undefined where that does not say it
 * @see libvirt 9.0.0, src/storage/storage_driver.c, virStorageTranslateDiskSourcePool
 */
export function volumeOf(pool: PoolDef, {volume, mode}: VolumeSource): DiskSource | undefined {
  const {type, targetPath, sourceName, sourceDir, hosts, auth} = pool;
  const own = {...(hosts.length > 0 ? {hosts} : {}), ...(auth ? {auth} : {})};
  if (OF_FILES.includes(type) && targetPath !== undefined) return {type: 'file', path: `${targetPath}/${volume}`};
  if (OF_DEVICES.includes(type)) {
    const folder = targetPath ?? (sourceName === undefined ? undefined : `/dev/${sourceName}`);
    return folder === undefined ? undefined : {type: 'block', path: `${folder}/${volume}`};
  }
  switch (type) {
    case 'iscsi':
    case 'iscsi-direct':
      return mode === 'direct' || type === 'iscsi-direct' ? iscsiUnit(pool, volume, own) : iscsiDevice(pool, volume);
    case 'rbd':
      return {type: 'network', protocol: 'rbd', name: `${sourceName ?? ''}/${volume}`, ...own};
    case 'gluster': {
      const folder = (sourceDir ?? '').replace(/^\/+|\/+$/g, '');
      const path = folder === '' ? volume : `${folder}/${volume}`;
      return {type: 'network', protocol: 'gluster', name: `${sourceName ?? ''}/${path}`, ...own};
    }
    case 'sheepdog':
      return {type: 'network', protocol: 'sheepdog', name: volume, ...own};
    default:
      return undefined;
  }
}

/** A volume of iSCSI is `unit:HOST:BUS:LUN`. */
function unitOf(volume: string): string | undefined {
  return /^unit:\d+:\d+:(\d+)$/.exec(volume)?.[1];
}

function iscsiUnit({device, initiator}: PoolDef, volume: string, own: object): DiskSource | undefined {
  const unit = unitOf(volume);
  if (device === undefined || unit === undefined) return undefined;
  const more = initiator === undefined ? {} : {initiator};
  return {type: 'network', protocol: 'iscsi', name: `${device}/${unit}`, ...own, ...more};
}

/** The link that udev makes for a unit that this host is connected to. */
function iscsiDevice({device, hosts, targetPath}: PoolDef, volume: string): DiskSource | undefined {
  const unit = unitOf(volume);
  const [host] = hosts;
  if (device === undefined || unit === undefined || host === undefined || targetPath === undefined) return undefined;
  return {type: 'block', path: `${targetPath}/ip-${host.name}:${host.port ?? 3260}-iscsi-${device}-lun-${unit}`};
}
