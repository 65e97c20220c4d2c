import {VirtError} from '../../base/virt-error.ts';
import type {InterfaceDef} from '../../model/devices/interface.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {NetworkDef, PortDemands} from '../../model/network-def.ts';

/** An interface with a network device of the host under it. */
export type LinkedNic = Extract<InterfaceDef, {readonly type: 'network' | 'bridge' | 'direct' | 'ethernet'}>;

/** What the device of an interface is connected with. */
export type NicLink =
  | {readonly to: 'bridge'; readonly bridge: string; readonly isolated: boolean; readonly mtu?: number}
  | {readonly to: 'device'; readonly devs: readonly string[]; readonly mode: MacvtapMode; readonly mtu?: number}
  /** Nothing: a script, or somebody, connects it. */
  | {readonly to: 'nothing'};

export type MacvtapMode = 'vepa' | 'private' | 'bridge' | 'passthrough';

/** An interface with where it leads. A live definition says `nic`: it is of the type that it turned out to be. */
export interface ResolvedNic {
  readonly nic: LinkedNic;
  readonly link: NicLink;
}

/** Whether a start makes, or opens, a network device for an interface. */
export function isLinkedNic(nic: InterfaceDef): nic is LinkedNic {
  return nic.type === 'network' || nic.type === 'bridge' || nic.type === 'direct' || nic.type === 'ethernet';
}

/**
 * Where an interface leads, with its network looked up. Source: libvirt 9.0.0, src/network/bridge_driver.c, networkAllocatePort.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for what needs a switch that is not driven from here
 */
export function resolveNic(
  nic: LinkedNic,
  networks: ReadonlyMap<string, NetworkDef>,
  {name: domain}: DomainDef,
): ResolvedNic {
  refuseDemands(nic.mac, ownDemands(nic), domain);
  const isolated = nic.portIsolated === true;
  switch (nic.type) {
    case 'ethernet':
      return {nic, link: {to: 'nothing'}};
    case 'bridge':
      return {nic, link: {to: 'bridge', bridge: nic.source.bridge, isolated}};
    case 'direct':
      return {nic, link: {to: 'device', devs: [nic.source.dev], mode: nic.source.mode}};
    case 'network': {
      const network = networks.get(nic.source.network);
      if (!network) throw new Error(`network '${nic.source.network}' was not looked up`);
      refuseDemands(nic.mac, demandsOfPort(network, nic.source.portgroup, domain), domain);
      return resolveNetwork(nic, network, domain);
    }
  }
}

type NetworkNic = Extract<LinkedNic, {readonly type: 'network'}>;

/** Modes in which a network is devices of the host, each with macvtap devices over it. */
const MACVTAP_MODES: Readonly<Record<string, MacvtapMode>> = {
  bridge: 'bridge',
  private: 'private',
  vepa: 'vepa',
  passthrough: 'passthrough',
};

function resolveNetwork(nic: NetworkNic, network: NetworkDef, domain: string): ResolvedNic {
  const {source, type: _, ...rest} = nic;
  const from = {network: source.network, ...(source.portgroup === undefined ? {} : {portgroup: source.portgroup})};
  const mtu = network.mtu === undefined ? {} : {mtu: network.mtu};
  if (network.forward === 'hostdev') {
    throw refusal(domain, nic.mac, `network '${network.name}' hands out cards of the host`, HOSTDEV_HINT);
  }
  if (network.bridge !== undefined) {
    const {bridge} = network;
    const isolated = nic.portIsolated ?? network.isolatedPorts;
    const link = {to: 'bridge', bridge, isolated, ...mtu} as const;
    // A bridge that libvirt made is the network's own; one of the host is what the interface is on.
    if (network.forward !== 'bridge') return {nic: {...nic, source: {...source, bridge}}, link};
    return {nic: {...rest, type: 'bridge', source: {...from, bridge}}, link};
  }
  const mode = MACVTAP_MODES[network.forward];
  if (mode === undefined || network.devs.length === 0) {
    throw refusal(
      domain,
      nic.mac,
      `network '${network.name}' names neither a bridge nor a device of the host`,
      NET_HINT,
    );
  }
  const [dev = ''] = network.devs;
  return {
    nic: {...rest, type: 'direct', source: {...from, dev, mode}},
    link: {to: 'device', devs: network.devs, mode, ...mtu},
  };
}

const NET_HINT = "look at the network's XML, or write <interface type='bridge'>";
const HOSTDEV_HINT = "write <interface type='hostdev'> with the address of a card";

function ownDemands(nic: LinkedNic): PortDemands {
  return {
    vlan: nic.vlan !== undefined,
    ...(nic.virtualport ? {virtualport: nic.virtualport.type ?? ''} : {}),
  };
}

/** What a network demands of every port, and what the group of this one does. */
function demandsOfPort(network: NetworkDef, portgroup: string | undefined, domain: string): PortDemands {
  const group =
    portgroup === undefined
      ? network.portgroups.find(({isDefault}) => isDefault)
      : network.portgroups.find(({name}) => name === portgroup);
  if (portgroup !== undefined && !group) {
    const known = network.portgroups.map(({name}) => `'${name}'`).join(', ') || 'none';
    const message = `cannot start domain '${domain}': network '${network.name}' has no portgroup '${portgroup}': it has ${known}`;
    throw new VirtError('CONFIG_UNSUPPORTED', 'NETWORK', message, {hint: NET_HINT});
  }
  const virtualport = group?.virtualport ?? network.virtualport;
  return {vlan: network.vlan || group?.vlan === true, ...(virtualport === undefined ? {} : {virtualport})};
}

/** To leave these out would connect the guest with another network than the one that is meant. */
function refuseDemands(mac: string, {vlan, virtualport}: PortDemands, domain: string): void {
  if (virtualport !== undefined) {
    const type = virtualport === '' ? '' : ` type='${virtualport}'`;
    throw refusal(domain, mac, `<virtualport${type}> needs a switch that this version does not drive`, OVS_HINT);
  }
  if (vlan) throw refusal(domain, mac, 'a bridge or macvtap device of the kernel gives its ports no <vlan>', VLAN_HINT);
}

const OVS_HINT = "make a tap device on the switch yourself and write <target dev='NAME' managed='no'/>";
const VLAN_HINT = "put a VLAN device of the host ('ip link add link eth0 name eth0.42 type vlan id 42') on a bridge";

function refusal(domain: string, mac: string, why: string, hint: string): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot connect interface ${mac} of domain '${domain}': ${why}`, {
    hint,
  });
}
