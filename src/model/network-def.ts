import {parseXml} from './xml/parse-xml.ts';
import type {XmlElement} from './xml/xml-element.ts';

/** What a network leads to. `isolated` is one without `<forward>`. */
export const NETWORK_FORWARDS = [
  'isolated',
  'nat',
  'route',
  'open',
  'bridge',
  'private',
  'vepa',
  'passthrough',
  'hostdev',
] as const;
export type NetworkForward = (typeof NETWORK_FORWARDS)[number];

/** What of its ports only a switch can do, or another kind of device. */
export interface PortDemands {
  /** The type of its `<virtualport>`; empty for one without a type. */
  readonly virtualport?: string;
  readonly vlan: boolean;
}

/** A group of ports of a network. */
export interface PortGroup extends PortDemands {
  readonly name: string;
  /** Interfaces that name no group are in it. */
  readonly isDefault: boolean;
}

/** A network of libvirt, as far as interfaces depend on it. */
export interface NetworkDef extends PortDemands {
  readonly name: string;
  readonly forward: NetworkForward;
  /** The bridge of the host. */
  readonly bridge?: string;
  /** Network devices of the host that it leads to. */
  readonly devs: readonly string[];
  readonly mtu?: number;
  /** Its ports do not see each other. */
  readonly isolatedPorts: boolean;
  readonly portgroups: readonly PortGroup[];
}

/**
 * Reads the XML of a network of libvirt. Addresses, DHCP, DNS and firewalls of it are another program's.
 *
 * @returns a sentence when it is no such text
 * @see libvirt 9.0.0, docs/formatnetwork
 */
export function parseNetwork(xml: string): NetworkDef | string {
  const {root, problems} = parseXml(xml);
  if (!root) return problems[0]?.message ?? 'it is no XML';
  if (root.name !== 'network') return `it has <${root.name}>, not <network>`;
  const name = textOf(root, 'name');
  if (name === undefined) return 'the network has no <name>';
  const forward = childOf(root, 'forward');
  const mode = forward ? (forward.attributes.get('mode') ?? 'nat') : 'isolated';
  const known = NETWORK_FORWARDS.find(word => word === mode);
  if (known === undefined) return `<forward mode='${mode}'> is not known`;
  const bridge = attributeOf(root, 'bridge', 'name');
  const mtu = Number.parseInt(attributeOf(root, 'mtu', 'size') ?? '', 10);
  return {
    name,
    forward: known,
    ...(bridge === undefined ? {} : {bridge}),
    devs: devicesOf(forward),
    ...(mtu > 0 ? {mtu} : {}),
    isolatedPorts: attributeOf(root, 'port', 'isolated') === 'yes',
    ...demandsOf(root),
    portgroups: childrenOf(root, 'portgroup').map(portGroup),
  };
}

/** `<forward dev=>` is the short form of one `<interface dev=>`. */
function devicesOf(forward: XmlElement | undefined): readonly string[] {
  if (!forward) return [];
  const listed = [...childrenOf(forward, 'interface'), ...childrenOf(forward, 'pf')];
  const devs = [forward, ...listed].flatMap(({attributes}) => attributes.get('dev') ?? []);
  return [...new Set(devs)];
}

function portGroup(element: XmlElement): PortGroup {
  return {
    name: element.attributes.get('name') ?? '',
    isDefault: element.attributes.get('default') === 'yes',
    ...demandsOf(element),
  };
}

function demandsOf(element: XmlElement): PortDemands {
  const virtualport = childOf(element, 'virtualport');
  return {
    ...(virtualport ? {virtualport: virtualport.attributes.get('type') ?? ''} : {}),
    vlan: childOf(element, 'vlan') !== undefined,
  };
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter(child => child.name === name);
}

function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

function attributeOf(element: XmlElement, name: string, attribute: string): string | undefined {
  return childOf(element, name)?.attributes.get(attribute);
}

function textOf(element: XmlElement, name: string): string | undefined {
  return childOf(element, name)?.text || undefined;
}
