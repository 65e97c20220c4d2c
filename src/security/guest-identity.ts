import type {SeclabelDef} from '../model/domain/seclabel.ts';

/** As whom the processes of a guest run. */
export interface GuestIdentity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; absent: those of the driver are kept, which only root can change. */
  readonly groups?: readonly number[];
}

/** The users and groups of the host. Numbers that have no name are accounts, too. */
export interface Accounts {
  /** Undefined for what is neither a name nor a number. */
  user(name: string): number | undefined;
  group(name: string): number | undefined;
  /** Undefined for a number without an entry. */
  primaryGroup(uid: number): number | undefined;
  /** The groups of which a user is a member, without the primary one. */
  groups(uid: number): readonly number[];
}

/** What decides as whom a guest runs. */
export interface IdentityRequest {
  /** As whom the driver runs. */
  readonly driver: {readonly uid: number; readonly gid: number};
  /** As `user` and `group` of qemu.conf say it. */
  readonly user?: string;
  readonly group?: string;
  /** Of the domain. */
  readonly seclabels?: readonly SeclabelDef[];
}

/** Why an identity cannot be had: `who` said it, `why` follows `it` in a sentence. */
export interface RefusedIdentity {
  readonly by: 'user' | 'group' | 'seclabel';
  readonly why: string;
}

/**
 * As whom a guest runs: what its own label of the model `dac` says, else the configuration, else the driver's own. Only
 * root can become somebody else. The supplementary groups are those of the user in the group database.
 *
 * @see libvirt 9.0.0, src/security/security_dac.c, virSecurityDACGetIds and virSecurityDACPreFork. A `<baselabel>` of
 *   this model is a label here; libvirt leaves it out.
 */
export function resolveIdentity(request: IdentityRequest, accounts: Accounts): GuestIdentity | RefusedIdentity {
  const label = dacLabel(request.seclabels ?? []);
  const wanted = label === undefined ? configuredIds(request, accounts) : idsOfLabel(label, accounts);
  if ('why' in wanted) return wanted;
  const {driver} = request;
  if (driver.uid === 0) return {...wanted, groups: groupList(wanted, accounts)};
  const by = label === undefined ? (wanted.uid === driver.uid ? 'group' : 'user') : 'seclabel';
  if (wanted.uid !== driver.uid || wanted.gid !== driver.gid) return {by, why: noFinerLevel(wanted, driver)};
  return wanted;
}

/** Whether root's guest is not root: it may do less, and has to be given what it needs. */
export function isAnotherUser({uid, groups}: GuestIdentity): boolean {
  return groups !== undefined && uid !== 0;
}

/** Who owns what is made for a guest; undefined: whoever makes it, since a session has nobody else. */
export function ownerFor({uid, gid, groups}: GuestIdentity): {readonly uid: number; readonly gid: number} | undefined {
  return groups === undefined ? undefined : {uid, gid};
}

type Ids = Pick<GuestIdentity, 'uid' | 'gid'>;

/** The label by which a domain names its user and group. */
function dacLabel(seclabels: readonly SeclabelDef[]): string | undefined {
  const own = seclabels.find(({model, type}) => model === 'dac' && type !== 'none');
  return own?.label ?? own?.baselabel;
}

/** `USER:GROUP`. Source of the syntax: libvirt 9.0.0, src/util/virutil.c, virParseOwnershipIds. */
export function idsOfLabel(label: string, accounts: Accounts): Ids | RefusedIdentity {
  const colon = label.indexOf(':');
  const [user, group] = [label.slice(0, colon), label.slice(colon + 1)];
  if (colon < 0) return {by: 'seclabel', why: `the label '${label}' has to be USER:GROUP`};
  const uid = accounts.user(user);
  const gid = accounts.group(group);
  if (uid === undefined)
    return {by: 'seclabel', why: `there is no user '${user}' on this host, of the label '${label}'`};
  if (gid === undefined)
    return {by: 'seclabel', why: `there is no group '${group}' on this host, of the label '${label}'`};
  return {uid, gid};
}

function configuredIds({driver, user, group}: IdentityRequest, accounts: Accounts): Ids | RefusedIdentity {
  const uid = user === undefined ? driver.uid : accounts.user(user);
  if (uid === undefined)
    return {by: 'user', why: `there is no user '${user}' on this host (a name, or + and a number)`};
  if (group !== undefined) {
    const gid = accounts.group(group);
    return gid === undefined
      ? {by: 'group', why: `there is no group '${group}' on this host (a name, or + and a number)`}
      : {uid, gid};
  }
  const gid = uid === driver.uid ? driver.gid : accounts.primaryGroup(uid);
  if (gid === undefined)
    return {by: 'user', why: `the user ${uid} has no entry on this host: its group has to be named, too`};
  return {uid, gid};
}

function groupList({uid, gid}: Ids, accounts: Accounts): readonly number[] {
  return [...new Set([gid, ...accounts.groups(uid)])].toSorted((a, b) => a - b);
}

function noFinerLevel(wanted: Ids, driver: Ids): string {
  const [asked, own] = [`${wanted.uid}:${wanted.gid}`, `${driver.uid}:${driver.gid}`];
  return `only root can run guests as ${asked}: a session runs them as its own user, ${own}, and has no finer level`;
}
