import type {HostResource} from '../../model/host-resource.ts';
import {type DeviceRule, mergeRules} from './device-rule.ts';

/**
 * The nodes that every guest may open where `cgroup_device_acl` names no others.
 * Source: libvirt, docs/drvqemu, "Cgroups device ACLs".
 */
export const SHARED_NODES: readonly string[] = [
  '/dev/null',
  '/dev/full',
  '/dev/zero',
  '/dev/random',
  '/dev/urandom',
  '/dev/ptmx',
  '/dev/kvm',
  '/dev/kqemu',
  '/dev/rtc',
  '/dev/hpet',
  '/dev/net/tun',
];

/** Ptys of serial lines, whose numbers nobody knows before. Source: Linux, Documentation/admin-guide/devices.txt, 136-143. */
const PTYS: DeviceRule = {type: 'c', major: 136, minor: '*', access: 'rw', node: 'ptys'};

/** A path that a guest may have to open as a device. */
export interface WantedNode {
  readonly path: string;
  readonly access: 'r' | 'rw';
}

/** What a definition opens of the host besides what its devices name. */
export interface WantedParts {
  /** From the inventory of the definition. */
  readonly resources: readonly HostResource[];
  /** Of what stands below `/sys`: the nodes by which such a device is opened. */
  readonly nodesOf: (sysfsPath: string) => readonly string[];
  /** Nodes that the definition needs as a whole, such as that of encrypted memory. */
  readonly more?: readonly string[];
  /** `cgroup_device_acl`, instead of the shared nodes. */
  readonly shared?: readonly string[];
}

/**
 * Every path that a guest may have to open as a device, shared ones first. What a definition calls a file is a node only
 * below `/dev`: elsewhere it may be somebody's link to a disk of the host. Directories, sockets and pipes are none.
 */
export function wantedNodes({
  resources,
  nodesOf,
  more = [],
  shared = SHARED_NODES,
}: WantedParts): readonly WantedNode[] {
  const all = (paths: readonly string[]) => paths.map(path => ({path, access: 'rw'}) as const);
  return [
    ...all(shared),
    ...resources.flatMap(resource => (resource.type === 'sysfs' ? all(nodesOf(resource.path)) : ownNode(resource))),
    ...all(more),
  ];
}

function ownNode({type, path, access}: HostResource): readonly WantedNode[] {
  const canBeNode = type === 'block' || type === 'char' || (type === 'file' && path.startsWith('/dev/'));
  return canBeNode ? [{path, access: access === 'read' ? 'r' : 'rw'}] : [];
}

/** What the kernel knows a node by. */
export type DeviceNumber = Pick<DeviceRule, 'type' | 'major' | 'minor'>;

/**
 * The device list of a guest. What is not there, or is no device, is left out: a list names devices, not paths.
 *
 * @param kinds  whole kinds of devices besides
 * @param numberOf  of the device that a path leads to, through symbolic links; undefined when it leads to none
 */
export function deviceRules(
  nodes: readonly WantedNode[],
  kinds: readonly DeviceRule[],
  numberOf: (path: string) => DeviceNumber | undefined,
): readonly DeviceRule[] {
  const rules = nodes.flatMap(({path, access}) => {
    const number = numberOf(path);
    return number === undefined ? [] : [{...number, access, node: path}];
  });
  return mergeRules([PTYS, ...kinds, ...rules]);
}
