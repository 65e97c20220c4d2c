import type {DiskSource} from '../../../model/devices/disk-source.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {decode, parseDiskUri, parseHost} from './network-address.ts';
import {parseRbd} from './rbd-source.ts';

type NetworkSource = Extract<DiskSource, {readonly type: 'network'}>;

/** What the name of an image says. */
export interface NamedSource {
  readonly source: DiskSource;
  /** The account of the disk, where libvirt has it beside the source. */
  readonly auth?: {readonly username: string; readonly secret?: {readonly type: string}};
  /** A directory is only read unless its name says otherwise. */
  readonly readonly?: boolean;
  /** The name held a password, which a definition keeps as a secret only. */
  readonly hasPassword: boolean;
}

type Reader = (text: string) => NamedSource | undefined;

/** Names with a protocol, by what they begin with. Source: QEMU 7.2, qemu-options.hx, "-drive file". */
const PROTOCOLS: readonly (readonly [prefix: RegExp, read: Reader])[] = [
  [/^nbd(\+tcp|\+unix)?:\/\//, text => readUri(text, 'nbd')],
  [/^nbd:/, readNbd],
  [/^rbd:/, readRbd],
  [/^sheepdog(\+tcp|\+unix)?:\/\//, text => readUri(text, 'sheepdog')],
  [/^sheepdog:/, readSheepdog],
  [/^gluster(\+tcp|\+unix|\+rdma)?:\/\//, text => readUri(text, 'gluster')],
  [/^iscsi:\/\//, readIscsi],
  [/^ssh:\/\//, text => readUri(text, 'ssh')],
  [/^nfs:\/\//, readNfs],
  [/^https:\/\//, text => readUri(text, 'https')],
  [/^http:\/\//, text => readUri(text, 'http')],
  [/^ftps:\/\//, text => readUri(text, 'ftps')],
  [/^ftp:\/\//, text => readUri(text, 'ftp')],
  [/^tftp:\/\//, text => readUri(text, 'tftp')],
];

/**
 * What the name of an image stands for: a protocol's name, a block device below `/dev`, or a file.
 *
 * @returns undefined for a protocol's name that is none
 */
export function parseFileName(name: string, toPath: (path: string) => string): NamedSource | undefined {
  const protocol = PROTOCOLS.find(([prefix]) => prefix.test(name));
  if (protocol) return named(protocol[1](name));
  const fat = /^fat:(?:floppy:)?(?:12:|16:|32:)?(rw:)?(.*)$/s.exec(name);
  if (fat) {
    const [, writable, path = ''] = fat;
    return {source: {type: 'dir', path: toPath(path)}, readonly: writable === undefined, hasPassword: false};
  }
  const path = toPath(name.replace(/^file:(\/\/(?=\/))?/, ''));
  return {source: {type: path.startsWith('/dev/') ? 'block' : 'file', path}, hasPassword: false};
}

/** A name that is there but empty is none. */
function named(image: NamedSource | undefined): NamedSource | undefined {
  return image?.source.type === 'network' && image.source.name === '' ? undefined : image;
}

function network(source: Omit<NetworkSource, 'type'>): NamedSource {
  return {source: {type: 'network', ...source}, hasPassword: false};
}

const TRANSPORTS = ['tcp', 'unix', 'rdma'] as const;

function readUri(text: string, protocol: NetworkSource['protocol']): NamedSource | undefined {
  const uri = parseDiskUri(text);
  if (!uri) return undefined;
  const transport = TRANSPORTS.find(word => word === uri.transport);
  const socket = /(?:^|[?&])socket=([^&]*)/.exec(uri.query ?? '')?.[1];
  const host = socket === undefined ? uri.host : {transport: 'unix' as const, socket: decode(socket)};
  const withTransport = host && transport === 'rdma' ? {...host, transport} : host;
  const named = network(
    omitUndefined({
      protocol,
      name: uri.path === '' ? undefined : uri.path,
      query: socket === undefined ? uri.query : undefined,
      hosts: withTransport ? [withTransport] : undefined,
    }),
  );
  // An account of SSH has a key, which the emulator's user has.
  const secret = protocol === 'ssh' ? {} : {secret: {type: protocol}};
  const auth = uri.user === undefined ? {} : {auth: {username: uri.user, ...secret}};
  return {...named, ...auth, hasPassword: uri.hasPassword};
}

/** The unit is 0 where none is named, as libvirt writes it. */
function readIscsi(text: string): NamedSource | undefined {
  const named = readUri(text, 'iscsi');
  if (named?.source.type !== 'network') return named;
  const {name = ''} = named.source;
  return {...named, source: {...named.source, name: name.includes('/') ? name : `${name}/0`}};
}

/** The accounts on the server are part of the query. Source: QEMU 7.2, block/nfs.c, nfs_parse_uri. */
function readNfs(text: string): NamedSource | undefined {
  const named = readUri(text, 'nfs');
  if (named?.source.type !== 'network') return named;
  const {query, ...source} = named.source;
  const words = (query ?? '').split('&').filter(word => word !== '');
  const idOf = (key: string) =>
    words.map(word => new RegExp(`^${key}=(\\d+)$`).exec(word)?.[1]).find(id => id !== undefined);
  const [user, group] = [idOf('uid'), idOf('gid')];
  const rest = words.filter(word => !/^[ug]id=\d+$/.test(word)).join('&');
  const identity = omitUndefined({user: user && `+${user}`, group: group && `+${group}`});
  return {
    ...named,
    source: {
      ...source,
      ...(Object.keys(identity).length > 0 ? {identity} : {}),
      ...(rest === '' ? {} : {query: rest}),
    },
  };
}

/** `nbd:HOST:PORT[:exportname=NAME]` or `nbd:unix:PATH[:exportname=NAME]`. */
function readNbd(text: string): NamedSource | undefined {
  const match = /^nbd:(?:unix:(.*?)|(\[[^\]]*\]:\d+|[^:]*:\d+))(?::exportname=(.*))?$/s.exec(text);
  if (!match) return undefined;
  const [, socket, address = '', name] = match;
  const host = socket === undefined ? parseHost(address) : {transport: 'unix' as const, socket};
  return network(omitUndefined({protocol: 'nbd' as const, name, hosts: host ? [host] : undefined}));
}

/** `sheepdog:[HOST:PORT:]NAME`. */
function readSheepdog(text: string): NamedSource | undefined {
  const match = /^sheepdog:(?:([^:]*:\d+):)?(.+)$/s.exec(text);
  const host = match?.[1] === undefined ? undefined : parseHost(match[1]);
  return match
    ? network(omitUndefined({protocol: 'sheepdog' as const, name: match[2], hosts: host ? [host] : undefined}))
    : undefined;
}

function readRbd(text: string): NamedSource {
  const {source, hasKey} = parseRbd(text.slice('rbd:'.length));
  return {source, hasPassword: hasKey};
}
