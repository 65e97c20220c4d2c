import type {DiskDef} from '../../../model/devices/disk.ts';
import type {NetworkHost} from '../../../model/devices/disk-network.ts';
import type {DiskSource} from '../../../model/devices/disk-source.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {JsonObject} from '../qemu-arg.ts';
import {refuseDisk} from './disk-refusal.ts';
import {diskUri} from './disk-uri.ts';
import type {ImageLayer} from './image-layers.ts';
import {authSecretId, cookieSecretId, encryptionSecretId} from './image-secrets.ts';
import {iscsiOptions} from './iscsi-storage.ts';
import {splitAtSlash} from './split-at-slash.ts';

export type NetworkSource = Extract<DiskSource, {readonly type: 'network'}>;

/** The usual ports; RBD's library knows its own. Source: libvirt 9.0.0, src/conf/storage_source_conf.c, virStorageSourceNetworkDefaultPort. */
const PORTS: Readonly<Record<NetworkSource['protocol'], number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ftps: 990,
  tftp: 69,
  sheepdog: 7000,
  nbd: 10809,
  ssh: 22,
  iscsi: 3260,
  gluster: 24007,
  rbd: 0,
  vxhs: 9999,
  nfs: 0,
};

/** What libvirt asks gluster's library to say. Source: libvirt 9.0.0, src/qemu/qemu.conf, gluster_debug_level. */
const GLUSTER_DEBUG_LEVEL = 4;

/** The TLS object of an image's connection. */
export const tlsObjectId = ({name}: ImageLayer): string => `obj${name}-storage_tls0`;

/**
 * The node that reads and writes an image over a network.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what a protocol cannot do
 * @see libvirt 9.0.0, src/qemu/qemu_block.c, qemuBlockStorageSourceGetBackendProps
 */
export function networkStorage(source: NetworkSource, layer: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  const why = whyNot(source);
  if (why !== undefined) throw refuseDisk(disk, input, `over ${source.protocol} ${why}`, 'put its <source> right');
  const made = {source, layer, host: source.hosts?.[0] ?? {}, name: source.name ?? ''};
  return {driver: source.protocol, ...protocolOptions(made)};
}

interface NetworkImage {
  readonly source: NetworkSource;
  readonly layer: ImageLayer;
  /** The only one, or the first. */
  readonly host: NetworkHost;
  readonly name: string;
}

/** Protocols that are spoken over a socket of the host, too. */
const UNIX_PROTOCOLS: readonly string[] = ['nbd', 'gluster', 'sheepdog'];
const TLS_PROTOCOLS: readonly string[] = ['nbd', 'vxhs'];
/** Protocols whose names are of two parts. */
const TWO_PARTS: readonly string[] = ['gluster', 'rbd'];

/** What is wrong with a source, as it stands after `over PROTOCOL`. */
function whyNot(source: NetworkSource): string | undefined {
  const {protocol, hosts = [], name, tls, identity} = source;
  if (hosts.length !== 1 && protocol !== 'rbd' && (protocol !== 'gluster' || hosts.length === 0))
    return `it needs one <host>, not ${hosts.length}`;
  if (hosts.some(({transport}) => transport === 'unix') && !UNIX_PROTOCOLS.includes(protocol))
    return "a <host> has a name, not transport='unix'";
  if (hosts.some(({transport, name: host, socket}) => (transport === 'unix' ? socket : host) === undefined))
    return "a <host> needs name='HOST', or transport='unix' and socket='PATH'";
  if (name === undefined && protocol !== 'nbd') return `it needs a name: <source protocol='${protocol}' name='NAME'>`;
  if (TWO_PARTS.includes(protocol) && !/^[^/]+\/./.test(name ?? '')) return "its name is like 'POOL/IMAGE'";
  if (protocol === 'iscsi' && !/^[^/]+(?:\/\d*)?$/.test(name ?? '')) return "its name is like 'TARGET/UNIT'";
  if (tls === true && !TLS_PROTOCOLS.includes(protocol)) return "there is no tls='yes'";
  const ids = [identity?.user, identity?.group].filter(id => id !== undefined);
  if (ids.some(id => !/^\+?\d+$/.test(id))) return "<identity> has numbers: user='+1000' group='+1000'";
  return undefined;
}

function protocolOptions(made: NetworkImage): JsonObject {
  switch (made.source.protocol) {
    case 'nbd':
      return nbd(made);
    case 'rbd':
      return rbd(made);
    case 'iscsi':
      return iscsi(made);
    case 'gluster':
      return gluster(made);
    case 'sheepdog':
      return {server: socketAddress(made.host, made.source), vdi: made.name};
    case 'ssh':
      return {path: made.name, server: inetAddress(made.host, made.source), user: made.layer.auth?.username};
    case 'nfs':
      return nfs(made);
    case 'vxhs':
      return {
        'tls-creds': made.source.tls === true ? tlsObjectId(made.layer) : undefined,
        'vdisk-id': made.name,
        server: inetAddress(made.host, made.source),
      };
    case 'http':
    case 'https':
    case 'ftp':
    case 'ftps':
    case 'tftp':
      return web(made);
  }
}

function nbd({source, host, layer}: NetworkImage): JsonObject {
  return {
    server: socketAddress(host, source),
    export: source.name,
    'tls-creds': source.tls === true ? tlsObjectId(layer) : undefined,
    'tls-hostname': source.tlsHostname,
    'reconnect-delay': source.reconnectDelaySeconds || undefined,
  };
}

/** `name` is the pool and the image in it. */
function rbd({source, layer, name}: NetworkImage): JsonObject {
  const {auth, encryption} = layer;
  const [pool, image] = splitAtSlash(name);
  const servers = source.hosts?.map(host => inetAddress(host, source));
  return {
    pool,
    image,
    snapshot: source.snapshot,
    conf: source.config,
    server: servers,
    encrypt:
      encryption?.engine === 'librbd'
        ? {format: encryption.format, 'key-secret': encryptionSecretId(layer)}
        : undefined,
    user: auth?.username,
    // What libvirt has always let the servers choose from.
    'auth-client-required': auth ? ['cephx', 'none'] : undefined,
    'key-secret': auth?.secret ? authSecretId(layer) : undefined,
  };
}

function iscsi({source, host, layer, name}: NetworkImage): JsonObject {
  const secretId = layer.auth?.secret ? authSecretId(layer) : undefined;
  return iscsiOptions({name, host, initiator: source.initiator, username: layer.auth?.username, secretId});
}

/** `name` is the volume and the file in it. */
function gluster({source, name}: NetworkImage): JsonObject {
  const [volume, path] = splitAtSlash(name);
  return {
    volume,
    path,
    server: (source.hosts ?? []).map(host => socketAddress(host, source)),
    debug: GLUSTER_DEBUG_LEVEL,
  };
}

function nfs({source, host, name}: NetworkImage): JsonObject {
  const {identity} = source;
  return {
    server: {type: 'inet', host: host.name},
    path: name,
    user: identity?.user === undefined ? undefined : Number(identity.user),
    group: identity?.group === undefined ? undefined : Number(identity.group),
  };
}

function web({source, host, layer, name}: NetworkImage): JsonObject {
  const {auth} = layer;
  return {
    url: diskUri({
      scheme: source.protocol,
      host: host.name,
      port: portOf(host, source),
      path: name,
      query: source.query,
    }),
    username: auth?.username,
    'password-secret': auth?.secret ? authSecretId(layer) : undefined,
    sslverify: source.sslVerify,
    'cookie-secret': source.cookies ? cookieSecretId(layer) : undefined,
    timeout: source.timeoutSeconds,
    readahead: source.readaheadBytes,
  };
}

/** QEMU's `SocketAddress`. */
function socketAddress(host: NetworkHost, source: NetworkSource): JsonObject {
  if (host.transport === 'unix') return {type: 'unix', path: host.socket};
  return {type: 'inet', ...inetAddress(host, source)};
}

/** QEMU's `InetSocketAddress`, whose port is a text. */
function inetAddress(host: NetworkHost, source: NetworkSource): JsonObject {
  return {host: host.name, port: String(portOf(host, source))};
}

/** The port of a server, or the usual one. */
export function portOf({port}: NetworkHost, {protocol}: NetworkSource): number {
  return port ?? PORTS[protocol];
}
