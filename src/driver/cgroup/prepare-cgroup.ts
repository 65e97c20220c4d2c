import {createHash} from 'node:crypto';
import {VirtError} from '../../base/virt-error.ts';
import {deviceNumberOf} from '../../host/device-number.ts';
import {type HostTree, hostTree} from '../../host/host-tree.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {hostResources} from '../../model/host-resource.ts';
import type {DriverInstance} from '../../model/hypervisor.ts';
import type {CgroupConfinement, NoDeviceList} from '../../security/cgroup/cgroup-confinement.ts';
import {definitionNodes, definitionRules} from '../../security/cgroup/definition-nodes.ts';
import {deviceRules, wantedNodes} from '../../security/cgroup/device-list.ts';
import type {DeviceRule} from '../../security/cgroup/device-rule.ts';
import type {GroupOwner} from '../../security/cgroup/group-name.ts';
import {planPlace} from '../../security/cgroup/plan-place.ts';
import {deviceNodes} from '../host-devices/device-nodes.ts';
import type {HostSettings} from '../host-settings.ts';
import type {InstancePaths} from '../instance-paths.ts';
import {readCgroupFacts} from './read-facts.ts';

export interface CgroupContext {
  readonly uid: number;
  readonly instance: Pick<DriverInstance, 'kind'>;
  readonly paths: InstancePaths;
  readonly settings: Pick<HostSettings, 'deviceLists' | 'deviceNodes'>;
}

/** How a guest is held to a list of devices, or what is to be said of it when it is not. */
export interface PreparedCgroup {
  readonly cgroup?: CgroupConfinement;
  readonly warnings: readonly string[];
}

/**
 * Decides in which control group a guest runs, and what it may open there; nothing is done.
 *
 * A session has no list: its guests open what their user opens, and the kernel takes no list from a user.
 *
 * @param def  settled: its devices of the host are known
 * @throws {VirtError} CONFIG_UNSUPPORTED where qemu.conf asks for a list and this host has none
 */
export async function prepareCgroup(def: DomainDef, context: CgroupContext): Promise<PreparedCgroup> {
  const {uid, settings} = context;
  const isRequired = settings.deviceLists === 'required';
  if (settings.deviceLists === 'off' || (uid !== 0 && !isRequired)) return {warnings: []};
  const place = planPlace(groupOwner(def, context), await readCgroupFacts());
  if ('kind' in place) return {cgroup: {...place, devices: devicesFor(def, settings)}, warnings: []};
  if (isRequired) throw refusal(def, place);
  const help = place.hint === undefined ? '' : ` (${place.hint})`;
  return {warnings: [`started without a list of devices that it may open: ${place.why}${help}`]};
}

/** How the guests of an instance are held to lists of devices, as a sentence's end. */
export async function deviceListWords({uid, instance, paths, settings}: CgroupContext): Promise<string> {
  if (settings.deviceLists === 'off') return 'none: cgroup_controllers leaves devices out';
  if (uid !== 0) return 'none: the kernel takes no list from a user, and guests open what theirs may';
  const place = planPlace(groupOwner({name: 'NAME', uuid: 'UUID'}, {instance, paths}), await readCgroupFacts());
  if (!('kind' in place)) return `none: ${place.why}`;
  switch (place.kind) {
    case 'v1':
      return `by the devices controller, in ${place.path}`;
    case 'bpf':
      return `by a BPF program, in ${place.path}`;
    case 'scope':
      return `by systemd, in the scope ${place.unit}`;
  }
}

/** What a guest may open as a device, by the numbers that its nodes have now. */
export function devicesFor(
  def: DomainDef,
  {deviceNodes: shared}: Pick<HostSettings, 'deviceNodes'>,
): readonly DeviceRule[] {
  const tree = hostTree();
  const nodes = wantedNodes({
    resources: hostResources(def),
    nodesOf: path => sysfsNodes(path, tree),
    more: definitionNodes(def),
    ...(shared === undefined ? {} : {shared}),
  });
  return deviceRules(nodes, definitionRules(def), deviceNumberOf);
}

/** The nodes of a device of the host; what VFIO hands over is asked for by the node of VFIO itself, too. */
function sysfsNodes(path: string, tree: HostTree): readonly string[] {
  const nodes = deviceNodes(path, tree).flatMap(node => (node.kind === 'char' ? node.path : []));
  return nodes.some(node => node.startsWith('/dev/vfio/')) ? ['/dev/vfio/vfio', ...nodes] : nodes;
}

/** As many hexadecimal digits as keep two folders of one host apart. */
const INSTANCE_DIGITS = 12;

function groupOwner(
  {name, uuid}: Pick<DomainDef, 'name' | 'uuid'>,
  {instance, paths}: Pick<CgroupContext, 'instance' | 'paths'>,
): GroupOwner {
  if (instance.kind === 'system') return {name, uuid};
  const embedded = createHash('sha256').update(paths.run).digest('hex').slice(0, INSTANCE_DIGITS);
  return {name, uuid, embedded};
}

function refusal({name}: DomainDef, {why, hint}: NoDeviceList): VirtError {
  const message = `cannot start domain '${name}': cgroup_controllers of qemu.conf names 'devices', and ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'CGROUP', message, {
    hint: hint ?? "leave 'devices' out of cgroup_controllers, or the setting as a whole",
  });
}
