import type {CgroupPlace, NoDeviceList} from './cgroup-confinement.ts';
import {type GroupOwner, groupName, scopeName} from './group-name.ts';

/** What a host has to hold processes to a list of devices. */
export interface CgroupFacts {
  /** False for a driver that is not root of the host: of a user, in a container. */
  readonly isRoot: boolean;
  /** The driver's own group under the `devices` controller of version 1, by its directory. */
  readonly devicesGroup?: GroupFolder;
  /** The same of version 2. */
  readonly unifiedGroup?: GroupFolder;
  /** Absent where systemd has not begun this host; else whether it makes scopes for this process. */
  readonly systemd?: 'makes scopes' | {readonly refuses: string};
  /** Why the kernel cannot be given a BPF program, as a sentence's end; looked for where one would be needed only. */
  readonly whyNoPrograms?: string;
}

export interface GroupFolder {
  readonly path: string;
  readonly isWritable: boolean;
}

/**
 * Where a guest is held to its devices: a group of version 1, where its controller is mounted, as libvirt's document has it;
 * else, by version 2, a scope of systemd's, which owns the tree where it runs; else a group with a program of our own.
 */
export function planPlace(owner: GroupOwner, facts: CgroupFacts): CgroupPlace | NoDeviceList {
  const {isRoot, devicesGroup, unifiedGroup, systemd, whyNoPrograms} = facts;
  if (!isRoot) return {why: 'only root of the host may tell the kernel which devices a guest opens'};
  if (devicesGroup?.isWritable) return {kind: 'v1', path: below(devicesGroup, owner)};
  if (unifiedGroup && systemd !== undefined) return placeInScope(owner, systemd);
  if (unifiedGroup?.isWritable && whyNoPrograms === undefined) return {kind: 'bpf', path: below(unifiedGroup, owner)};
  const readOnly = [devicesGroup, unifiedGroup].find(group => group && !group.isWritable);
  if (readOnly) return {why: `the control group '${readOnly.path}' cannot be written`, hint: 'mount it read-write'};
  if (whyNoPrograms !== undefined && unifiedGroup) return {why: `this host cannot be told which: ${whyNoPrograms}`};
  return {why: 'this host has no control groups with devices mounted', hint: MOUNT};
}

function placeInScope(owner: GroupOwner, systemd: NonNullable<CgroupFacts['systemd']>): CgroupPlace | NoDeviceList {
  if (systemd === 'makes scopes') return {kind: 'scope', unit: scopeName(owner)};
  return {why: `systemd makes no scope for guests: ${systemd.refuses}`};
}

/** Source: libvirt, docs/drvqemu, "Cgroups device ACLs". */
const MOUNT = "'mkdir /dev/cgroup', then: mount -t cgroup none /dev/cgroup -o devices";

function below({path}: GroupFolder, owner: GroupOwner): string {
  return `${path === '/' ? '' : path}/${groupName(owner)}`;
}
