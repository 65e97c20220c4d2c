import {readFileSync} from 'node:fs';
import {messageOf} from '../../base/virt-error.ts';
import {type CgroupTree, groupOfProcess, isWritableDirectory} from '../../host/control-groups.ts';
import {readDevicePrograms, whyNoPrograms} from '../../host/device-program.ts';
import {fileExists, readTextIfThere} from '../../host/files.ts';
import {findProgram} from '../../host/find-program.ts';
import {runProgram} from '../../host/run-program.ts';
import type {CgroupFacts, GroupFolder} from '../../security/cgroup/plan-place.ts';
import {parseCredentials} from '../../security/parse-status.ts';

/** Asks this host how it can hold processes to a list of devices. */
export async function readCgroupFacts(): Promise<CgroupFacts> {
  const [devicesGroup, unifiedGroup] = [ownGroup('devices'), ownGroup('unified')];
  const systemd = await askSystemd();
  const isLeftToPrograms = !devicesGroup?.isWritable && systemd === undefined;
  const missing = isLeftToPrograms && unifiedGroup ? await whyNoProgramsIn(unifiedGroup.path) : undefined;
  return {
    isRoot: isRootOfHost(),
    ...(devicesGroup ? {devicesGroup} : {}),
    ...(unifiedGroup ? {unifiedGroup} : {}),
    ...(systemd === undefined ? {} : {systemd}),
    ...(missing === undefined ? {} : {whyNoPrograms: missing}),
  };
}

function ownGroup(tree: CgroupTree): GroupFolder | undefined {
  const path = groupOfProcess('self', tree);
  return path === undefined ? undefined : {path, isWritable: isWritableDirectory(path)};
}

/** A kernel may be built without them: it says so when it is asked for those that a group has. */
async function whyNoProgramsIn(group: string): Promise<string | undefined> {
  const missing = await whyNoPrograms();
  if (missing !== undefined) return missing;
  try {
    await readDevicePrograms(group);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** A busy host takes its time, and one that asks an admin first takes too long. */
const TRIAL_TIMEOUT_MS = 10_000;

/**
 * Under SELinux a policy may keep the driver from making scopes (Debian 12's does, for `virtd_t`): there, and only there, one
 * is tried.
 *
 * @see sd_booted(3)
 */
async function askSystemd(): Promise<CgroupFacts['systemd']> {
  if (!(await fileExists('/run/systemd/system'))) return undefined;
  const [systemdRun, trial] = [await findProgram('systemd-run'), await findProgram('true')];
  if (systemdRun === undefined || trial === undefined) return {refuses: 'systemd-run is not installed'};
  if ((await readTextIfThere('/sys/fs/selinux/enforce'))?.trim() !== '1') return 'makes scopes';
  const args = ['--scope', '--quiet', '--collect', '-p', 'DevicePolicy=strict', '--', trial];
  const {failure, output} = await runProgram(systemdRun, args, {timeoutMs: TRIAL_TIMEOUT_MS});
  if (failure === undefined) return 'makes scopes';
  const words = output.trim().split('\n')[0] || failure;
  return {refuses: words.endsWith('Access denied') ? `${words}, by SELinux's policy for virtty's context` : words};
}

/** CAP_SYS_ADMIN, by which groups and programs are changed. Source: Linux, include/uapi/linux/capability.h. */
const SYS_ADMIN = 1n << 21n;
/** Every user of the host is one here. @see user_namespaces(7) */
const WHOLE_HOST = /^\s*0\s+0\s+4294967295\s*$/;

function isRootOfHost(): boolean {
  const own = parseCredentials(readFileSync('/proc/self/status', 'utf8'), undefined);
  if (!own || (own.capabilities.effective & SYS_ADMIN) === 0n) return false;
  return WHOLE_HOST.test(readFileSync('/proc/self/uid_map', 'utf8'));
}
