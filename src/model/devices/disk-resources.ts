import type {HostResource} from './device-codec.ts';
import type {BackingStore} from './disk-backing.ts';
import type {DiskSource} from './disk-source.ts';
import {pciPath} from './host-paths.ts';

type NetworkSource = Extract<DiskSource, {type: 'network'}>;

/** How the bytes of an image are used. */
type Use = Pick<HostResource, 'role' | 'access' | 'shared' | 'device' | 'seclabels'>;

/** What of a disk says which files it has. */
export interface DiskFiles {
  readonly source?: DiskSource;
  readonly backingStore?: BackingStore;
  readonly readonly: boolean;
  readonly shareable: boolean;
  readonly transient?: {readonly shareBacking?: boolean};
  readonly target: {readonly dev: string};
}

/** What a disk touches: its image, those below, sockets of servers and helpers. */
export function diskResources(disk: DiskFiles): readonly HostResource[] {
  const {source, backingStore, readonly, shareable, transient, target} = disk;
  const device = target.dev;
  // What the guest writes to an image that it shares goes to another one.
  const isRead = readonly || transient?.shareBacking === true;
  const top: Use = {role: 'disk', device, access: isRead ? 'read' : 'write', shared: shareable || isRead};
  const below: Use = {...top, access: 'read', shared: true, ...seclabelsOf(source)};
  return [...sourceResources(source, top), ...backingResources(backingStore, below)];
}

function backingResources(store: BackingStore | undefined, use: Use): readonly HostResource[] {
  if (!store) return [];
  return [...sourceResources(store.source, use), ...backingResources(store.backingStore, use)];
}

function seclabelsOf(source: DiskSource | undefined): Pick<Use, 'seclabels'> {
  return source && 'seclabels' in source && source.seclabels ? {seclabels: source.seclabels} : {};
}

/** What is touched to read the bytes of an image, and to write them where it is written. */
export function sourceResources(source: DiskSource | undefined, use: Use): readonly HostResource[] {
  switch (source?.type) {
    case 'file':
    case 'block': {
      const image = resource(source.path, source.type, {...use, ...seclabelsOf(source)});
      return [image, ...helperSockets(source.reservations?.source?.path, use)];
    }
    case 'dir':
      return [resource(source.path, 'dir', use)];
    case 'nvme':
      return [resource(pciPath(source.address), 'sysfs', {...use, ...ownDevice})];
    case 'vhostuser':
      return [socket(source.path, use)];
    case 'vhostvdpa':
      return [resource(source.path, 'char', {...use, ...ownDevice})];
    case 'network':
      return networkResources(source, use);
    case 'volume': // nobody here knows what it is
    case undefined:
      return [];
  }
}

const ownDevice = {access: 'write', shared: false} as const;

function networkResources({hosts = [], config}: NetworkSource, use: Use): readonly HostResource[] {
  const sockets = hosts.flatMap(host => (host.socket === undefined ? [] : [socket(host.socket, use)]));
  return config === undefined
    ? sockets
    : [...sockets, {...clientConfig, path: config, ...(use.device === undefined ? {} : {device: use.device})}];
}

/** By which the emulator finds a server: the host's, e.g. `/etc/ceph/ceph.conf`. */
const clientConfig = {role: 'disk-config', type: 'file', access: 'read', shared: true, created: false} as const;

function helperSockets(path: string | undefined, use: Use): readonly HostResource[] {
  return path === undefined ? [] : [socket(path, use)];
}

/** Whoever listens there decides what may be done. */
function socket(path: string, {seclabels: _ofImage, ...use}: Use): HostResource {
  return resource(path, 'socket', {...use, access: 'write', shared: true});
}

function resource(path: string, type: HostResource['type'], use: Use): HostResource {
  return {path, type, created: false, ...use};
}
