import {hostTree} from '../host/host-tree.ts';
import type {DomainDef} from '../model/domain-def.ts';
import type {GuestIdentity} from '../security/guest-identity.ts';
import {settleHostDevices} from './host-devices/settle-host-devices.ts';
import type {HostSettings} from './host-settings.ts';
import {domainRunDir, guestRunDir, type InstancePaths} from './instance-paths.ts';
import type {NetNames} from './nets/net-names.ts';
import {prepareNets} from './nets/prepare-nets.ts';
import {mergePreparations, type Preparation} from './preparation.ts';

export interface PrepareContext {
  readonly paths: InstancePaths;
  /** As whom the driver runs. */
  readonly uid: number;
  readonly guest: GuestIdentity;
  readonly netNames: NetNames;
  readonly settings: Pick<HostSettings, 'bridgeHelper'>;
  /** `look`: nothing is taken for good. */
  readonly purpose: 'start' | 'look';
}

/** A live definition, and what the host has to do for it first. */
export interface PreparedDomain {
  readonly def: DomainDef;
  readonly preparation: Preparation;
}

/**
 * Asks the host what a definition needs of its devices and networks, and plans what has to be done; nothing is done.
 *
 * @param def  with the aliases of its devices
 * @throws {VirtError} for what this host does not have, or cannot connect
 */
export async function prepareHost(def: DomainDef, context: PrepareContext): Promise<PreparedDomain> {
  const {paths, uid, guest, netNames, purpose, settings} = context;
  const chooseNames: NetNames['take'] = (prefix, count) =>
    purpose === 'start' ? netNames.take(prefix, count) : netNames.look(prefix, count);
  const tree = hostTree();
  const devices = await settleHostDevices(def, tree);
  const nets = await prepareNets(devices.def, {
    definitions: paths.definitions,
    runDir: domainRunDir(paths, def.uuid),
    guestDir: guestRunDir(paths, def.uuid),
    guest,
    isRoot: uid === 0,
    tree,
    chooseNames,
    ...(settings.bridgeHelper === undefined ? {} : {bridgeHelper: settings.bridgeHelper}),
  });
  return {def: nets.def, preparation: mergePreparations([devices.preparation, nets.preparation])};
}
