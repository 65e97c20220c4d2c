import type {HostResource} from './device-codec.ts';
import type {BackingStore} from './disk-backing.ts';
import type {DiskSource} from './disk-source.ts';
import {pciPath} from './host-paths.ts';

/** How the bytes of an image are used. */
type Use = Pick<HostResource, 'role' | 'access' | 'shared'> & {readonly device?: string};

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
  return [...sourceResources(source, top), ...backingResources(backingStore, {...top, access: 'read', shared: true})];
}

function backingResources(store: BackingStore | undefined, use: Use): readonly HostResource[] {
  if (!store) return [];
  return [...sourceResources(store.source, use), ...backingResources(store.backingStore, use)];
}

/** What is touched to read the bytes of an image, and to write them where it is written. */
export function sourceResources(source: DiskSource | undefined, use: Use): readonly HostResource[] {
  if (source === undefined) return [];
  const one = (path: string, type: HostResource['type'], other: Partial<Use> = {}): HostResource => ({
    path,
    type,
    created: false,
    ...use,
    ...other,
  });
  /** Whoever listens there decides what may be done. */
  const socket = (path: string) => one(path, 'socket', {access: 'write', shared: true});
  const helper = 'reservations' in source ? source.reservations?.source?.path : undefined;
  const helpers = helper === undefined ? [] : [socket(helper)];
  switch (source.type) {
    case 'file':
    case 'block':
      return [one(source.path, source.type), ...helpers];
    case 'dir':
      return [one(source.path, 'dir')];
    case 'nvme':
      return [one(pciPath(source.address), 'sysfs', {access: 'write', shared: false})];
    case 'vhostuser':
      return [socket(source.path)];
    case 'vhostvdpa':
      return [one(source.path, 'char', {access: 'write', shared: false})];
    case 'network': {
      const sockets = (source.hosts ?? []).flatMap(host => (host.socket === undefined ? [] : [socket(host.socket)]));
      const {config} = source;
      return [...sockets, ...(config === undefined ? [] : [one(config, 'file', {access: 'read', shared: true})])];
    }
    case 'volume':
      return []; // nobody here knows what it is
  }
}
