import {VirtError} from '../base/virt-error.ts';
import {readConfiguration} from './config/read-configuration.ts';
import {findIdentity} from './find-identity.ts';
import type {GuestOwner} from './host-info/security-models.ts';

export interface GuestOwnerContext {
  /** As whom the driver runs. */
  readonly uid: number;
  readonly gid: number;
  /** The path of qemu.conf, which need not be there. */
  readonly configuration: string;
}

/**
 * As whom the guests of an instance run that do not say it themselves: the `user` and `group` of its qemu.conf, else the
 * driver. Where these are nobody's, too: no guest starts then, and the capabilities are asked for all the same.
 */
export async function findGuestOwner({uid, gid, configuration}: GuestOwnerContext): Promise<GuestOwner> {
  const isPrivileged = uid === 0;
  const {user, group} = await readConfiguration(configuration, () => {}); // whoever starts a guest tells what is wrong with it
  if (user === undefined && group === undefined) return {uid, gid, isPrivileged};
  const settings = {...(user === undefined ? {} : {user}), ...(group === undefined ? {} : {group})};
  try {
    const guest = await findIdentity(undefined, {uid, gid, settings});
    return {uid: guest.uid, gid: guest.gid, isPrivileged};
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    return {uid, gid, isPrivileged};
  }
}
