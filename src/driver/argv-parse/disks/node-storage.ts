import type {NetworkHost} from '../../../model/devices/disk-network.ts';
import type {DiskSource} from '../../../model/devices/disk-source.ts';
import {parsePciHost} from '../devices/pci-host-address.ts';
import type {NativeDraft, Pending} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeSecret} from './named-secret.ts';
import {parseDiskUri} from './network-address.ts';
import {takeRbdEncryption} from './node-encryption.ts';

type NetworkSource = Extract<DiskSource, {readonly type: 'network'}>;

/** What a node of bytes is read from, besides its properties. */
interface StorageOption {
  readonly bag: OptionBag;
  /** The `-blockdev` that it is part of. */
  readonly arg: NativeArg;
  readonly draft: NativeDraft;
  /** What belongs to the image, and is marked as used when all of it is understood. */
  readonly claims: Pending<unknown>[];
}

type StorageReader = (option: StorageOption) => DiskSource | undefined;

/** Where the bytes of a node are, by its driver; undefined for one that the XML has no word for. What is not understood stays. */
export function takeStorage(driver: string, option: StorageOption): DiskSource | undefined {
  return ownProperty(STORAGE, driver)?.(option);
}

const isNamed = (path: string) => !path.startsWith('/dev/fdset/');

function local(isBlock: boolean): StorageReader {
  return option => {
    const {bag, arg, draft} = option;
    const filename = bag.peek('filename');
    if (filename === undefined || !isNamed(filename)) return undefined;
    bag.take('filename');
    const path = draft.path(arg, filename);
    const reservations = takeReservations(option);
    return {type: isBlock ? 'block' : 'file', path, ...omitUndefined({reservations})};
  };
}

/** A helper that asks for reservations: the driver's own, or one that somebody runs. */
function takeReservations({bag, draft, claims}: StorageOption) {
  const object = draft.objects.get(bag.peek('pr-manager') ?? '');
  const path = object?.backend.peek('path');
  if (!object || path === undefined || object.backend.peek('qom-type') !== 'pr-manager-helper') return undefined;
  claims.push(object);
  const id = bag.take('pr-manager');
  if (id === 'pr-helper0') return {managed: true};
  return {managed: false, source: {type: 'unix' as const, path, mode: 'client' as const}};
}

/** A directory that is seen as a disk of files. */
const fat: StorageReader = ({bag, arg, draft}) => {
  const dir = bag.take('dir');
  bag.drop('floppy', 'fat-type', 'rw');
  return dir === undefined ? undefined : {type: 'dir', path: draft.path(arg, dir)};
};

/** `server.host`, `server.port` and so on of QEMU's `SocketAddress`. */
function takeHost(bag: OptionBag, prefix: string): NetworkHost | undefined {
  const type = bag.take(`${prefix}.type`) ?? 'inet';
  const [name, port, socket] = ['host', 'port', 'path'].map(key => bag.take(`${prefix}.${key}`));
  if (type === 'unix') return socket === undefined ? undefined : {transport: 'unix', socket};
  const isNumber = port !== undefined && /^\d{1,5}$/.test(port);
  if (type !== 'inet' || name === undefined || (port !== undefined && !isNumber)) return undefined;
  // A port 0 is none: the protocol's library knows the usual one.
  return {name, ...(isNumber && Number(port) > 0 ? {port: Number(port)} : {})};
}

/** `server.0`, `server.1` and so on. */
function takeHosts(bag: OptionBag): readonly NetworkHost[] {
  const numbers = bag.rest.flatMap(({key}) => /^server\.(\d{1,3})\./.exec(key)?.[1] ?? []);
  return [...new Set(numbers)].flatMap(number => takeHost(bag, `server.${number}`) ?? []);
}

/** An account; its password is a secret of the store. */
function takeAuth(option: StorageOption, type: string, ...[user, secret]: readonly [string, string]) {
  const username = option.bag.take(user);
  const named = takeSecret(option, secret);
  return username === undefined ? undefined : {username, secret: {type, ...(named ?? {usage: username})}};
}

/** Whether a connection is encrypted; the certificates are those of the host's configuration. */
function takeTls({bag, draft, claims}: StorageOption): true | undefined {
  const id = bag.take('tls-creds');
  const object = draft.objects.get(id ?? '');
  if (object?.backend.peek('qom-type') === 'tls-creds-x509' && object.backend.peek('endpoint') === 'client') {
    claims.push(object);
    const key = draft.objects.get(object.backend.peek('passwordid') ?? '');
    if (key?.backend.peek('qom-type') === 'secret') claims.push(key);
  }
  return id === undefined ? undefined : true;
}

function network(
  protocol: NetworkSource['protocol'],
  name: string | undefined,
  hosts: readonly (NetworkHost | undefined)[],
  more: Partial<NetworkSource> = {},
): DiskSource {
  const known = hosts.flatMap(host => host ?? []);
  return {type: 'network', protocol, ...omitUndefined({name}), ...(known.length > 0 ? {hosts: known} : {}), ...more};
}

const nbd: StorageReader = option => {
  const {bag} = option;
  const host = takeHost(bag, 'server');
  const tls = takeTls(option);
  const more = {tls, tlsHostname: bag.take('tls-hostname'), reconnectDelaySeconds: bag.takeNumber('reconnect-delay')};
  return host && network('nbd', bag.take('export'), [host], omitUndefined(more));
};

const rbd: StorageReader = option => {
  const {bag} = option;
  const [pool, image, namespace] = ['pool', 'image', 'namespace'].map(key => bag.take(key));
  if (pool === undefined || image === undefined || namespace !== undefined) return undefined;
  const auth = takeAuth(option, 'ceph', 'user', 'key-secret');
  bag.drop('auth-client-required.0', 'auth-client-required.1');
  const encryption = takeRbdEncryption(option);
  const more = {snapshot: bag.take('snapshot'), config: bag.take('conf'), auth, encryption};
  return network('rbd', `${pool}/${image}`, takeHosts(bag), omitUndefined(more));
};

const iscsi: StorageReader = option => {
  const {bag} = option;
  const portal = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(bag.peek('portal') ?? '');
  const target = bag.take('target');
  if (!portal || target === undefined) return undefined;
  bag.drop('portal');
  const host = {name: portal[1] ?? portal[2] ?? '', ...(portal[3] === undefined ? {} : {port: Number(portal[3])})};
  const isRdma = bag.takeWord('transport', ['tcp', 'iser']) === 'iser';
  const auth = takeAuth(option, 'iscsi', 'user', 'password-secret');
  const name = `${target}/${bag.takeNumber('lun') ?? 0}`;
  const hosts = [{...host, ...(isRdma ? {transport: 'rdma' as const} : {})}];
  return network('iscsi', name, hosts, omitUndefined({initiator: bag.take('initiator-name'), auth}));
};

function web(protocol: 'http' | 'https' | 'ftp' | 'ftps' | 'tftp'): StorageReader {
  return option => {
    const {bag} = option;
    const uri = parseDiskUri(bag.peek('url') ?? '');
    if (!uri?.host) return undefined;
    bag.drop('url');
    dropCookies(option);
    const more = {
      query: uri.query,
      sslVerify: bag.takeSwitch('sslverify'),
      readaheadBytes: bag.takeNumber('readahead'),
      timeoutSeconds: bag.takeNumber('timeout'),
      auth: takeAuth(option, 'volume', 'username', 'password-secret'),
    };
    return network(protocol, uri.path, [uri.host], omitUndefined(more));
  };
}

/** Cookies are in the XML in clear; from a file their names and values cannot be known. */
function dropCookies({bag, draft, claims, arg}: StorageOption): void {
  const id = bag.take('cookie-secret');
  if (id === undefined) return;
  const object = draft.objects.get(id);
  if (object?.backend.peek('qom-type') === 'secret') claims.push(object);
  draft.warn(arg, `the cookies of '${id}' are left out: write them into <cookies>`);
}

const gluster: StorageReader = ({bag}) => {
  const [volume, path] = [bag.take('volume'), bag.take('path')];
  bag.drop('debug');
  if (volume === undefined || path === undefined) return undefined;
  return network('gluster', `${volume}/${path.replace(/^\//, '')}`, takeHosts(bag));
};

const ssh: StorageReader = ({bag}) => {
  const host = takeHost(bag, 'server');
  const [path, username] = [bag.take('path'), bag.take('user')];
  if (!host || path === undefined) return undefined;
  return network('ssh', path, [host], omitUndefined({auth: username === undefined ? undefined : {username}}));
};

const nfs: StorageReader = ({bag}) => {
  const host = takeHost(bag, 'server');
  const path = bag.take('path');
  const ids = omitUndefined({user: plus(bag.takeNumber('user')), group: plus(bag.takeNumber('group'))});
  if (!host || path === undefined) return undefined;
  return network('nfs', path, [host], Object.keys(ids).length > 0 ? {identity: ids} : {});
};

/** libvirt's form of a number that is not to be looked up as a name. */
function plus(id: number | undefined): string | undefined {
  return id === undefined ? undefined : `+${id}`;
}

const vxhs: StorageReader = option => {
  const {bag} = option;
  const host = takeHost(bag, 'server');
  const tls = takeTls(option);
  return host && network('vxhs', bag.take('vdisk-id'), [host], omitUndefined({tls}));
};

/** An NVMe device that the emulator drives itself. */
const nvme: StorageReader = ({bag}) => {
  const address = parsePciHost(bag.peek('device') ?? '');
  const namespace = bag.takeNumber('namespace');
  if (!address || namespace === undefined || namespace < 1) return undefined;
  bag.drop('device');
  return {type: 'nvme', managed: true, namespace, address};
};

/** A disk of a vDPA device. */
const vdpa: StorageReader = ({bag, arg, draft}) => {
  const path = bag.peek('path');
  if (path === undefined || !isNamed(path)) return undefined;
  bag.take('path');
  return {type: 'vhostvdpa', path: draft.path(arg, path)};
};

/** Source: libvirt 9.0.0, src/qemu/qemu_block.c, qemuBlockStorageSourceGetBackendProps. */
const STORAGE: Readonly<Record<string, StorageReader>> = {
  file: local(false),
  host_device: local(true),
  host_cdrom: local(true),
  vvfat: fat,
  nbd,
  rbd,
  iscsi,
  http: web('http'),
  https: web('https'),
  ftp: web('ftp'),
  ftps: web('ftps'),
  tftp: web('tftp'),
  gluster,
  ssh,
  nfs,
  vxhs,
  sheepdog: ({bag}) => network('sheepdog', bag.take('vdi'), [takeHost(bag, 'server')]),
  nvme,
  'virtio-blk-vhost-vdpa': vdpa,
};
