import {VirtError} from '../../base/virt-error.ts';
import {hostTree} from '../../host/host-tree.ts';
import {readAccounts} from '../../host/users.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {hostResources} from '../../model/host-resource.ts';
import {type FileGrant, mergeGrants} from '../../security/file-grant.ts';
import {type GuestIdentity, idsOfLabel} from '../../security/guest-identity.ts';
import {type OwnershipRequest, planOwnership} from '../../security/plan-ownership.ts';
import {planLabelling} from '../../security/selinux/plan-labelling.ts';
import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import {deviceNodes} from '../host-devices/device-nodes.ts';
import type {HostSettings} from '../host-settings.ts';
import type {InstancePaths} from '../instance-paths.ts';

export interface GrantContext {
  readonly paths: InstancePaths;
  readonly guest: GuestIdentity;
  readonly settings: Pick<HostSettings, 'dynamicOwnership' | 'rememberOwner'>;
  /** Of SELinux; without them files keep the labels that they have. */
  readonly labels?: DomainLabels;
}

/**
 * What a domain is given at files of the host: owners by root alone, who can give files away, and labels where it has some.
 *
 * @param def  live: with all that its devices are on this host
 * @throws {VirtError} CONFIG_UNSUPPORTED for a label of a source that names no owner
 */
export async function planGrants(def: DomainDef, context: GrantContext): Promise<readonly FileGrant[]> {
  const {paths, labels} = context;
  const tree = hostTree();
  const files: ResourceFiles = {
    resources: hostResources(def),
    isDriversOwn: path => [paths.log, paths.run].some(folder => path.startsWith(`${folder}/`)),
    nodesOf: path => deviceNodes(path, tree),
  };
  return mergeGrants(await planOwners(def, files, context), labels ? planLabelling({...files, labels}) : []);
}

type ResourceFiles = Pick<OwnershipRequest, 'resources' | 'isDriversOwn' | 'nodesOf'>;

async function planOwners(
  def: DomainDef,
  files: ResourceFiles,
  {guest, settings}: GrantContext,
): Promise<readonly FileGrant[]> {
  if (guest.groups === undefined || settings.dynamicOwnership === false) return [];
  const accounts = await readAccounts();
  return planOwnership({
    ...files,
    ...(def.seclabels === undefined ? {} : {seclabels: def.seclabels}),
    guest,
    remembersOwner: settings.rememberOwner !== false,
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
