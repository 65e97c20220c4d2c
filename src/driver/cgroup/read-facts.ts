import {readFileSync} from 'node:fs';
import {type CgroupTree, groupOfProcess, isWritableDirectory} from '../../host/control-groups.ts';
import {whyNoPrograms} from '../../host/device-program.ts';
import {fileExists} from '../../host/files.ts';
import {findProgram} from '../../host/find-program.ts';
import type {CgroupFacts, GroupFolder} from '../../security/cgroup/plan-place.ts';
import {parseCredentials} from '../../security/parse-status.ts';

/** Asks this host how it can hold processes to a list of devices. */
export async function readCgroupFacts(): Promise<CgroupFacts> {
  const [devicesGroup, unifiedGroup] = [ownGroup('devices'), ownGroup('unified')];
  const missing = unifiedGroup ? await whyNoPrograms() : undefined;
  return {
    isRoot: isRootOfHost(),
    hasSystemd: await hasSystemd(),
    ...(devicesGroup ? {devicesGroup} : {}),
    ...(unifiedGroup ? {unifiedGroup} : {}),
    ...(missing === undefined ? {} : {whyNoPrograms: missing}),
  };
}

function ownGroup(tree: CgroupTree): GroupFolder | undefined {
  const path = groupOfProcess('self', tree);
  return path === undefined ? undefined : {path, isWritable: isWritableDirectory(path)};
}

/** Where systemd has begun the host. @see sd_booted(3) */
async function hasSystemd(): Promise<boolean> {
  return (await fileExists('/run/systemd/system')) && (await findProgram('systemd-run')) !== undefined;
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
