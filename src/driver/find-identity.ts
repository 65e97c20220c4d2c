import {VirtError} from '../base/virt-error.ts';
import {readAccounts} from '../host/users.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {type GuestIdentity, resolveIdentity} from '../security/guest-identity.ts';
import type {HostSettings} from './host-settings.ts';

/** Who the driver is, and what it is told of its guests. */
export interface IdentityContext {
  /** As whom the driver runs. */
  readonly uid: number;
  readonly gid: number;
  readonly settings: Pick<HostSettings, 'user' | 'group'>;
}

/**
 * As whom the processes of a domain run.
 *
 * @param def  absent: a domain that does not say it
 * @throws {VirtError} CONFIG_UNSUPPORTED for a user or group that is not there, or that this driver cannot become
 */
export async function findIdentity(
  def: Pick<DomainDef, 'name' | 'seclabels'> | undefined,
  {uid, gid, settings: {user, group}}: IdentityContext,
): Promise<GuestIdentity> {
  const request = {
    driver: {uid, gid},
    ...(user === undefined ? {} : {user}),
    ...(group === undefined ? {} : {group}),
    ...(def?.seclabels === undefined ? {} : {seclabels: def.seclabels}),
  };
  const identity = resolveIdentity(request, await readAccounts());
  if (!('why' in identity)) return identity;
  const whose = def === undefined ? 'a guest' : `domain '${def.name}'`;
  const by = identity.by === 'seclabel' ? "its <seclabel model='dac'>" : `'${identity.by}' of qemu.conf`;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'SECURITY',
    `cannot choose the user of ${whose} by ${by}: ${identity.why}`,
    {
      hint: 'name a user and a group of this host, or +UID and +GID',
    },
  );
}
