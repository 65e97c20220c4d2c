import type {ArgvSettings} from './argv/argv-input.ts';

/**
 * What qemu.conf says of starts, for every part of the driver. Without the file everything is as libvirt has it without
 * one: screens on the loopback address without TLS, SASL or a common password.
 */
export interface HostSettings extends ArgvSettings {
  /** The emulator keeps the capabilities of its user: `clear_emulator_capabilities = 0`. */
  readonly keepsCapabilities?: boolean;
  /** QEMU's helper that connects bridges, instead of one in the usual places. */
  readonly bridgeHelper?: string;
  /** The mounts with huge pages that may be used; without it all of them. */
  readonly hugetlbfsMounts?: readonly string[];
  /** False: the files of a guest keep their owners. */
  readonly dynamicOwnership?: boolean;
  /** False: what guests had belongs to root afterwards, whoever had it before. */
  readonly rememberOwner?: boolean;
  /** As whom guests run that do not say it: a name or `+NUMBER`, as `user` and `group` have it. */
  readonly user?: string;
  readonly group?: string;
  /** `security_driver`: the models that label guests; without it the host's own. */
  readonly securityDrivers?: readonly string[];
  /** False: a guest that does not say it gets no label. */
  readonly defaultConfined?: boolean;
  /** True: no guest starts without a label. */
  readonly requireConfined?: boolean;
  /** Memory that is a file is below this directory, instead of among what domains left. */
  readonly memoryDir?: string;
  /** `cgroup_controllers`: `off` without `devices` in it, `required` with it. Without the setting: where the host can. */
  readonly deviceLists?: 'off' | 'required';
  /** `cgroup_device_acl`: what every guest may open, instead of the usual nodes. */
  readonly deviceNodes?: readonly string[];
}

export const DEFAULT_HOST_SETTINGS: HostSettings = {};
