import type {HostResource} from './device-codec.ts';
import {pciPath, usbNode} from './host-paths.ts';
import type {InterfaceDef} from './interface-def.ts';

/** Whose adapter the host opens a tap device or a macvtap device for. */
const TAP_TYPES: readonly InterfaceDef['type'][] = ['network', 'bridge', 'ethernet', 'direct'];

/**
 * What an interface touches on the host. The node of a macvtap device is not among it: it is made at the start, and
 * handed over open.
 */
export function interfaceResources(nic: InterfaceDef): readonly HostResource[] {
  const device = `interface ${nic.target?.dev ?? nic.mac}`;
  const one = (path: string | undefined, more: Partial<HostResource> = {}): readonly HostResource[] =>
    path === undefined
      ? []
      : [{role: 'network', path, type: 'char', access: 'write', shared: false, created: false, device, ...more}];
  return [
    ...backend(nic, one),
    ...one(nic.backend?.logFile, {type: 'file', created: true}),
    ...one(nic.rom?.file, {role: 'rom', type: 'file', access: 'read', shared: true}),
  ];
}

type One = (path: string | undefined, more?: Partial<HostResource>) => readonly HostResource[];

function backend(nic: InterfaceDef, one: One): readonly HostResource[] {
  switch (nic.type) {
    case 'vhostuser':
      return one(nic.source.path, {type: 'socket', created: nic.source.mode === 'server'});
    case 'vdpa':
      return one(nic.source.dev);
    case 'hostdev':
      return hostCard(nic.source.address, one);
    default:
      return TAP_TYPES.includes(nic.type) ? tapNodes(nic, one) : [];
  }
}

type HostAddress = Extract<InterfaceDef, {readonly type: 'hostdev'}>['source']['address'];

function hostCard(address: HostAddress, one: One): readonly HostResource[] {
  if (address?.type === 'pci') return one(pciPath(address), {role: 'hostdev', type: 'sysfs'});
  return one(usbNode(address), {role: 'hostdev'});
}

/** Every guest with such an interface uses the same two nodes. */
function tapNodes(nic: InterfaceDef, one: One): readonly HostResource[] {
  const driver = 'driver' in nic ? nic.driver : undefined;
  const vhost = driver?.name === 'vhost' ? (nic.backend?.vhost ?? '/dev/vhost-net') : nic.backend?.vhost;
  return [
    ...(nic.type === 'direct' ? [] : one(nic.backend?.tap ?? '/dev/net/tun', {shared: true})),
    ...one(vhost, {shared: true}),
  ];
}
