import type {HostTree} from '../../host/host-tree.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import type {NetworkDef} from '../../model/network-def.ts';
import type {GuestIdentity} from '../../security/guest-identity.ts';
import {aliasOf} from '../argv/devices/device-context.ts';
import {NO_PREPARATION} from '../preparation.ts';
import {isBridgeAllowed} from './bridge-acl.ts';
import {findNetwork, networkFolders} from './find-network.ts';
import {readNetFacts} from './net-facts.ts';
import type {NetNames, NetPrefix} from './net-names.ts';
import {type PlannedNets, planNets, prefixOfNew} from './plan-nets.ts';
import {readVirtualFunction, type VirtualFunction} from './plan-virtual-function.ts';
import {isLinkedNic, type ResolvedNic, resolveNic} from './resolve-nic.ts';

export interface PrepareNetsContext {
  /** The instance's folder of definitions. */
  readonly definitions: string;
  readonly runDir: string;
  /** The directory of the guest's processes in it. */
  readonly guestDir: string;
  /** As whom they run. */
  readonly guest: Pick<GuestIdentity, 'uid' | 'gid'>;
  readonly isRoot: boolean;
  readonly tree: HostTree;
  /** QEMU's helper for bridges, instead of one in the usual places. */
  readonly bridgeHelper?: string;
  /** Names for new devices: taken for good, or only looked at. */
  readonly chooseNames: NetNames['take'];
}

/**
 * Looks up networks, devices and programs of the host, and plans the interfaces of a domain; nothing is made.
 *
 * @param def  with the aliases of its devices
 * @throws {VirtError} NO_NETWORK for a network that is not there, CONFIG_UNSUPPORTED for what this host cannot connect
 */
export async function prepareNets(def: DomainDef, context: PrepareNetsContext): Promise<PlannedNets> {
  const all = devicesOf(def, 'interface');
  if (all.length === 0) return {def, preparation: NO_PREPARATION};
  const {isRoot} = context;
  const nics = await resolveAll(def, context.definitions);
  const facts = await readNetFacts([...nics.values()].flatMap(devicesIn), context.bridgeHelper);
  const bridges = [...nics.values()].flatMap(({link}) => (link.to === 'bridge' ? [link.bridge] : []));
  const asked = isRoot ? [] : bridges;
  const allowed = await Promise.all(asked.map(async bridge => [bridge, await isBridgeAllowed(bridge)] as const));
  const prefixes = [...nics.values()].map(resolved => prefixOfNew(resolved, isRoot));
  const choose = (prefix: NetPrefix) => context.chooseNames(prefix, prefixes.filter(other => other === prefix).length);
  return planNets({
    def,
    domain: def.name,
    nics,
    facts,
    names: {vnet: await choose('vnet'), macvtap: await choose('macvtap')},
    allowedBridges: new Map(allowed),
    functions: readFunctions(def, context.tree),
    runDir: context.runDir,
    guestDir: context.guestDir,
    uid: context.guest.uid,
    gid: context.guest.gid,
    isRoot,
    mark: `virtty ${def.uuid}`,
  });
}

function readFunctions(def: DomainDef, tree: HostTree): ReadonlyMap<string, VirtualFunction> {
  const cards = devicesOf(def, 'interface').flatMap(nic => {
    const address = nic.type === 'hostdev' ? nic.source.address : undefined;
    const vf = address?.type === 'pci' ? readVirtualFunction(address, tree) : undefined;
    return vf ? [[aliasOf(nic), vf] as const] : [];
  });
  return new Map(cards);
}

async function resolveAll(def: DomainDef, definitions: string): Promise<ReadonlyMap<string, ResolvedNic>> {
  const linked = devicesOf(def, 'interface').filter(isLinkedNic);
  const networks = new Map<string, NetworkDef>();
  for (const nic of linked) {
    if (nic.type !== 'network' || networks.has(nic.source.network)) continue;
    networks.set(nic.source.network, await findNetwork(nic.source.network, networkFolders(definitions)));
  }
  return new Map(linked.map(nic => [aliasOf(nic), resolveNic(nic, networks, def)]));
}

/** The devices of the host that a plan asks about. */
function devicesIn({nic, link}: ResolvedNic): readonly string[] {
  const own = nic.target?.dev === undefined ? [] : [nic.target.dev];
  if (link.to === 'nothing') return own;
  return [...own, ...(link.to === 'bridge' ? [link.bridge] : link.devs)];
}
