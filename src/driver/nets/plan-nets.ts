import type {InterfaceDef} from '../../model/devices/interface.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import type {NetSide} from '../argv/argv-input.ts';
import {aliasOf} from '../argv/devices/device-context.ts';
import {mayUseVhost} from '../argv/devices/tap-backend.ts';
import {FIRST_HANDED_FD, type HandedFile, NO_PREPARATION, type Preparation} from '../preparation.ts';
import type {NetPrefix} from './net-names.ts';
import type {NicPlan, NicPlanContext} from './nic-plan.ts';
import {queuesOf} from './nic-plan.ts';
import {planMacvtap} from './plan-macvtap.ts';
import {planBridgePort, planEthernet} from './plan-tap.ts';
import {planPasst} from './plan-user-nics.ts';
import {planCard, type VirtualFunction} from './plan-virtual-function.ts';
import {planBridgeHelper, planExisting} from './plan-without-root.ts';
import {cannotConnect} from './refuse-nic.ts';
import type {ResolvedNic} from './resolve-nic.ts';

/** What the networks of a domain are planned from. */
export interface NetsInput extends NicPlanContext {
  readonly def: DomainDef;
  /** Its interfaces that have network devices, by alias. */
  readonly nics: ReadonlyMap<string, ResolvedNic>;
  /** Names for those that have none of their own, in their order. */
  readonly names: Readonly<Record<NetPrefix, readonly string[]>>;
  /** What the helper's file says of bridges. */
  readonly allowedBridges: ReadonlyMap<string, boolean | undefined>;
  /** Which parts of SR-IOV cards its cards of the host are, by alias. */
  readonly functions: ReadonlyMap<string, VirtualFunction>;
  readonly runDir: string;
  /** The directory of the guest's processes in it. */
  readonly guestDir: string;
  /** Of the emulator. */
  readonly gid: number;
}

/** The definition with the names of its devices, and what has to be done for them. */
export interface PlannedNets {
  readonly def: DomainDef;
  readonly preparation: Preparation;
}

/** What the name of a new device begins with; undefined for one that has a name, or needs none. */
export function prefixOfNew({nic, link}: ResolvedNic, isRoot: boolean): NetPrefix | undefined {
  if (nic.target?.dev !== undefined) return undefined;
  if (link.to === 'device') return 'macvtap';
  return isRoot && nic.target?.managed !== false ? 'vnet' : undefined;
}

/** Plans all interfaces of a domain. Pure. @throws {VirtError} CONFIG_UNSUPPORTED for what this host cannot connect */
export function planNets(input: NetsInput): PlannedNets {
  const plans = planLinked(input);
  const {handedFiles, sides, vhostFds} = handOver(plans, input);
  const nics = devicesOf(input.def, 'interface');
  const helpers = nics.flatMap(nic => planHelper(nic, input));
  const cards = nics.flatMap(nic => planHostCard(nic, input));
  const devices = input.def.devices.map(device =>
    device.kind === 'interface' ? (plans.get(device.alias ?? '')?.nic ?? device) : device,
  );
  const ordered = [...plans.values()];
  return {
    def: {...input.def, devices},
    preparation: {
      ...NO_PREPARATION,
      answers: {
        nets: new Map([...sides, ...helpers.map(({alias, side}) => [alias, side] as const)]),
        vhostNet: input.facts.hasVhostNet,
        vhostFds,
      },
      steps: [...cards, ...helpers].map(({step}) => step).concat(ordered.flatMap(({steps}) => steps)),
      takeBacks: [
        ...[...helpers, ...cards].map(({takeBack}) => takeBack),
        ...ordered.toReversed().flatMap(({takeBacks}) => takeBacks),
      ],
      handedFiles,
      monitorCommands: nics.flatMap(cutLink),
      warnings: ordered.flatMap(({warnings = []}) => warnings),
    },
  };
}

function planHelper(nic: InterfaceDef, input: NetsInput) {
  if (nic.type !== 'user' || nic.backend?.type !== 'passt') return [];
  const {passt} = input.facts.programs;
  return [{alias: aliasOf(nic), ...planPasst(nic, {...input, ...(passt === undefined ? {} : {passt})})}];
}

function planHostCard(nic: InterfaceDef, {def, facts, functions}: NetsInput) {
  if (nic.type !== 'hostdev' || nic.source.address?.type !== 'pci') return [];
  const vf = functions.get(aliasOf(nic));
  const {ip} = facts.programs;
  return [planCard(nic, {domain: def.name, ...(vf ? {vf} : {}), ...(ip === undefined ? {} : {ip})})];
}

function planLinked(input: NetsInput): ReadonlyMap<string, NicPlan> {
  const names = {vnet: [...input.names.vnet], macvtap: [...input.names.macvtap]};
  const used = new Set<string>();
  return new Map(
    [...input.nics].map(([alias, resolved]) => {
      const prefix = prefixOfNew(resolved, input.isRoot);
      const name = (prefix === undefined ? resolved.nic.target?.dev : names[prefix].shift()) ?? '';
      if (name !== '' && used.has(name))
        throw cannotConnect(resolved.nic, input, `'${name}' is another interface's`, 'name each once');
      used.add(name);
      return [alias, planOne(resolved, name, input)] as const;
    }),
  );
}

function planOne({nic, link}: ResolvedNic, name: string, input: NetsInput): NicPlan {
  if (link.to === 'device') return planMacvtap(nic, link, name, input);
  if (link.to === 'bridge') {
    if (input.isRoot) return planBridgePort(nic, link, name, input);
    return planBridgeHelper(nic, link, input.allowedBridges.get(link.bridge), input);
  }
  if (nic.type !== 'ethernet') throw new Error(`an interface of type '${nic.type}' leads nowhere`);
  const isOwn = nic.target?.managed === false || (!input.isRoot && input.facts.devices.has(name));
  if (isOwn) return planExisting(nic, name, input);
  if (input.isRoot) return planEthernet(nic, name, input);
  const hint =
    "have root make one: 'ip tuntap add dev NAME mode tap user USER', and write <target dev='NAME' managed='no'/>, " +
    "or use <interface type='user'>";
  throw cannotConnect(nic, input, 'only root makes tap devices', hint);
}

interface HandedOver {
  readonly handedFiles: readonly HandedFile[];
  readonly sides: ReadonlyMap<string, NetSide>;
  readonly vhostFds: ReadonlyMap<string, readonly number[]>;
}

/** Numbers the files that the emulator inherits; vhost is among them, so that the emulator need not be let at the node. */
function handOver(plans: ReadonlyMap<string, NicPlan>, {def, facts}: NetsInput): HandedOver {
  const usual = facts.hasVhostNet ? '/dev/vhost-net' : undefined;
  const handedFiles: HandedFile[] = [];
  const sides = new Map<string, NetSide>();
  const vhostFds = new Map<string, readonly number[]>();
  const number = (files: readonly HandedFile['from'][]) =>
    files.map(from => {
      const fd = FIRST_HANDED_FD + handedFiles.length;
      handedFiles.push({fd, from});
      return fd;
    });
  for (const [alias, {nic, side, files}] of plans) {
    sides.set(alias, side ?? {is: 'descriptors', fds: number(files)});
    const vhost = nic.backend?.vhost ?? usual;
    if (vhost === undefined || side?.is === 'bridge-helper' || !mayUseVhost(nic, def)) continue;
    vhostFds.set(alias, number(Array.from({length: queuesOf(nic)}, () => ({path: vhost}))));
  }
  return {handedFiles, sides, vhostFds};
}

/** The cable is pulled before the guest runs. Source: libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessSetLinkStates. */
function cutLink(nic: InterfaceDef): Preparation['monitorCommands'] {
  return nic.linkState === 'down' ? [{execute: 'set_link', arguments: {name: aliasOf(nic), up: false}}] : [];
}
