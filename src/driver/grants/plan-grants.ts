import {VirtError} from '../../base/virt-error.ts';
import {hostTree} from '../../host/host-tree.ts';
import {readAccounts} from '../../host/users.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {hostResources} from '../../model/host-resource.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import {type GuestIdentity, idsOfLabel} from '../../security/guest-identity.ts';
import {planOwnership} from '../../security/plan-ownership.ts';
import {deviceNodes} from '../host-devices/device-nodes.ts';
import type {HostSettings} from '../host-settings.ts';
import type {InstancePaths} from '../instance-paths.ts';

export interface GrantContext {
  readonly paths: InstancePaths;
  readonly guest: GuestIdentity;
  readonly settings: Pick<HostSettings, 'dynamicOwnership' | 'rememberOwner'>;
}

/**
 * What a domain is given at files of the host: nothing where its driver is not root, who alone can give files away.
 *
 * @param def  live: with all that its devices are on this host
 * @throws {VirtError} CONFIG_UNSUPPORTED for a label of a source that names no owner
 */
export async function planGrants(def: DomainDef, context: GrantContext): Promise<readonly FileGrant[]> {
  const {guest, settings, paths} = context;
  if (guest.groups === undefined || settings.dynamicOwnership === false) return [];
  const tree = hostTree();
  const accounts = await readAccounts();
  return planOwnership({
    resources: hostResources(def),
    ...(def.seclabels === undefined ? {} : {seclabels: def.seclabels}),
    guest,
    remembersOwner: settings.rememberOwner !== false,
    isDriversOwn: path => [paths.log, paths.run].some(folder => path.startsWith(`${folder}/`)),
    nodesOf: path => deviceNodes(path, tree),
    ownerOf: label => {
      const owner = idsOfLabel(label, accounts);
      if (!('why' in owner)) return owner;
      const message = `cannot give domain '${def.name}' a file as its <seclabel model='dac'> says: ${owner.why}`;
      throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', message, {
        hint: 'write <label>USER:GROUP</label>, with names of this host or +UID and +GID',
      });
    },
  });
}
