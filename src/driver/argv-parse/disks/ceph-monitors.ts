import type {DiskSource} from '../../../model/devices/disk-source.ts';
import {parseHost} from './network-address.ts';

/** An RBD image without monitors of its own has those of `CEPH_ARGS=-m HOST,...`. */
export function withMonitors(source: DiskSource, environment: ReadonlyMap<string, string>): DiskSource {
  if (source.type !== 'network' || source.protocol !== 'rbd' || source.hosts !== undefined) return source;
  const given = /^-m\s+(.+)$/.exec(environment.get('CEPH_ARGS') ?? '')?.[1];
  const hosts = (given ?? '').split(/[;,]/).flatMap(host => parseHost(host.trim()) ?? []);
  return hosts.length === 0 ? source : {...source, hosts};
}
