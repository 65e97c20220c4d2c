import type {DiskDef} from '../../../model/devices/disk.ts';
import type {NetworkHost} from '../../../model/devices/disk-network.ts';
import type {ArgvInput} from '../argv-input.ts';
import {refuseDisk} from './disk-refusal.ts';
import {requireVolume} from './disk-storage.ts';
import {diskUri} from './disk-uri.ts';
import type {ImageLayer} from './image-layers.ts';
import {type NetworkSource, portOf} from './network-storage.ts';

/**
 * An image in one word, as `-drive file=` takes it.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what no name says
 * @see QEMU 2.8, qemu-options.hx, "Device URL Syntax"
 */
export function imageName(layer: ImageLayer, disk: DiskDef, input: ArgvInput): string {
  const {source, auth} = layer;
  switch (source.type) {
    case 'file':
    case 'block':
      return source.path;
    case 'dir':
      requireVolume(disk, input);
      return `fat:${disk.device === 'floppy' ? 'floppy:' : ''}${source.path}`;
    case 'network': {
      if (auth?.secret || source.cookies) throw refuseDisk(disk, input, OLD_SECRET, NEWER);
      const name = source.tls === true ? undefined : networkName(source, auth?.username);
      if (name !== undefined) return name;
      throw refuseDisk(disk, input, `this emulator cannot be told of that ${source.protocol} server`, NEWER);
    }
    default:
      throw refuseDisk(disk, input, `this emulator knows no source of type '${source.type}'`, NEWER);
  }
}

const NEWER = 'choose an emulator of QEMU 2.9 or later';
const OLD_SECRET = 'this emulator takes a password on its command line only, where everybody could read it';

function networkName(source: NetworkSource, user: string | undefined): string | undefined {
  const {protocol, hosts = [], name = '', query} = source;
  const [host = {}] = hosts;
  const uri = {scheme: protocol, user, host: host.name, port: portOf(host, source), path: name, query};
  if (protocol === 'rbd') return rbdName(source, user);
  if (hosts.length !== 1) return undefined;
  switch (protocol) {
    case 'nbd':
      return `${nbdServer(host, source)}${source.name === undefined ? '' : `:exportname=${name}`}`;
    case 'sheepdog':
      return host.transport === 'unix' ? undefined : `sheepdog:${host.name}:${uri.port}:${name}`;
    case 'gluster':
      return glusterName(host, uri);
    case 'iscsi':
      return source.initiator === undefined
        ? diskUri(name.includes('/') ? uri : {...uri, path: `${name}/0`})
        : undefined;
    case 'nfs':
      return diskUri({...uri, port: undefined, query: identityQuery(source)});
    case 'vxhs':
      return undefined;
    default:
      return diskUri(uri);
  }
}

function nbdServer(host: NetworkHost, source: NetworkSource): string {
  if (host.transport === 'unix') return `nbd:unix:${host.socket}`;
  const name = host.name?.includes(':') ? `[${host.name}]` : host.name;
  return `nbd:${name}:${portOf(host, source)}`;
}

function glusterName({transport, socket}: NetworkHost, uri: Parameters<typeof diskUri>[0]): string {
  if (transport === undefined || transport === 'tcp') return diskUri(uri);
  const scheme = `gluster+${transport}`;
  if (transport === 'rdma') return diskUri({...uri, scheme});
  const query = `socket=${encodeURIComponent((socket ?? '').toWellFormed())}`;
  return diskUri({scheme, path: uri.path, query});
}

function identityQuery({identity}: NetworkSource): string | undefined {
  const words = [
    ...(identity?.user === undefined ? [] : [`uid=${Number(identity.user)}`]),
    ...(identity?.group === undefined ? [] : [`gid=${Number(identity.group)}`]),
  ];
  return words.length === 0 ? undefined : words.join('&');
}

/** `rbd:POOL/IMAGE@SNAPSHOT:key=value...`, where a backslash protects what separates the parts. */
function rbdName({name = '', snapshot, hosts = [], config}: NetworkSource, user: string | undefined): string {
  const servers = hosts.map(host => (host.port === undefined ? host.name : `${host.name}:${host.port}`)).join(';');
  return [
    `rbd:${protect(name)}${snapshot === undefined ? '' : `@${protect(snapshot)}`}`,
    ...(user === undefined ? [] : [`id=${protect(user)}`]),
    'auth_supported=none',
    ...(servers === '' ? [] : [`mon_host=${protect(servers)}`]),
    ...(config === undefined ? [] : [`conf=${protect(config)}`]),
  ].join(':');
}

function protect(text: string): string {
  return text.replaceAll(/[\\:@=;]/g, '\\$&');
}
