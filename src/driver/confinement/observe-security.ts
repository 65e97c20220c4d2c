import {deviceNumberOf} from '../../host/device-number.ts';
import {hostTree} from '../../host/host-tree.ts';
import {readMounts} from '../../host/mounts.ts';
import {readOpenDevices} from '../../host/open-devices.ts';
import {readAccountNames} from '../../host/users.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import {inPart, type ProcessCredentials, type SecurityCheck, type SecurityReport} from '../../model/security-report.ts';
import type {Actor} from '../../security/access/access-facts.ts';
import {checkCgroup, withoutCgroup} from '../../security/cgroup/check-cgroup.ts';
import type {DeviceRule} from '../../security/cgroup/device-rule.ts';
import {
  checkConfinement,
  checkLabel,
  type Names,
  observedConfinement,
  unasked,
} from '../../security/check-confinement.ts';
import {checkFile} from '../../security/check-file.ts';
import {checkOpenDevices} from '../../security/check-open-devices.ts';
import {KERNEL_NODES} from '../../security/plan-ownership.ts';
import {observeCgroup, observeDevices} from '../cgroup/observe-cgroup.ts';
import {devicesFor} from '../cgroup/prepare-cgroup.ts';
import type {Domain} from '../domain.ts';
import type {DriverContext} from '../driver-context.ts';
import {readGrants} from '../grants/grant-registry.ts';
import {grantRegistry} from '../instance-paths.ts';
import type {LiveStatus} from '../live-status.ts';
import type {FileLooker} from './look-at-files.ts';
import {observeCredentials} from './observe-credentials.ts';
import {usedFiles} from './used-files.ts';

export interface ObserveContext extends Pick<DriverContext, 'paths' | 'defaults'> {
  readonly looker: FileLooker;
}

/**
 * Reads how the kernel confines a running domain, which devices it has open, and what its files are now, and holds that
 * against what its start asked for. Of a process that something else started nothing was asked.
 *
 * @throws {VirtError} OPERATION_INVALID when it does not run, OPERATION_FAILED when /proc cannot be read
 */
export async function observeSecurity(domain: Domain, context: ObserveContext): Promise<SecurityReport> {
  const credentials = await observeCredentials(domain);
  const {live, name} = domain;
  if (!live) throw new Error(`domain '${name}' has credentials and no run`);
  const names = await readAccountNames();
  const def = live.liveXml === '' ? undefined : parseDomain(live.liveXml, {...context.defaults, live: true}).def;
  const view = {domain, live, def, credentials, names};
  const isAsked = live.confinement !== undefined;
  const part = (checks: readonly SecurityCheck[]) => (isAsked ? checks : unasked(checks));
  return {
    domain: name,
    credentials,
    checks: [
      ...inPart(
        'process',
        live.confinement
          ? checkConfinement(live.confinement, credentials, names)
          : observedConfinement(credentials, names),
      ),
      ...inPart('label', part(checkLabel(live.confinement ?? {}, credentials))),
      ...inPart('devices', part(await checkDevices(view))),
      ...inPart('files', await checkFiles(view, context)),
    ],
  };
}

interface View {
  readonly domain: Domain;
  readonly live: LiveStatus;
  readonly def: DomainDef | undefined;
  readonly credentials: ProcessCredentials;
  readonly names: Names;
}

async function checkDevices({live, def}: View): Promise<readonly SecurityCheck[]> {
  const {pid} = live.emulator;
  const {cgroup, uid} = live.confinement ?? {};
  const list = cgroup
    ? checkCgroup(cgroup, await observeCgroup(pid, cgroup), pid)
    : [withoutCgroup(uid === 0, await observeDevices(pid))];
  const known = [...(def ? devicesFor(def, {}) : []), ...kernelDevices()];
  const expected = {known, ...(cgroup ? {list: cgroup.devices} : {})};
  return [...list, ...checkOpenDevices(await readOpenDevices(pid), expected)];
}

/** What emulators open by themselves, whatever they run. */
function kernelDevices(): readonly DeviceRule[] {
  return [...KERNEL_NODES].flatMap(node => {
    const number = deviceNumberOf(node);
    return number ? [{...number, access: 'rw', node}] : [];
  });
}

async function checkFiles(view: View, {paths, looker}: ObserveContext): Promise<readonly SecurityCheck[]> {
  const {domain, live, def, credentials, names} = view;
  if (!def) return [];
  const files = usedFiles(def, {
    paths,
    tree: hostTree(),
    mounts: readMounts(),
    record: await readGrants(grantRegistry(paths)),
  });
  const seen = await looker.look(files);
  const context = {actor: actorOf(live, credentials), names, domain: domain.name};
  return files.flatMap((file, index) => {
    const found = seen[index];
    if (!found || (file.isOptional && found.is === 'missing')) return [];
    return [checkFile(file, found, context)];
  });
}

/** As whom files are opened: as was asked where something was. */
export function actorOf({confinement}: Pick<LiveStatus, 'confinement'>, credentials: ProcessCredentials): Actor {
  const {capabilities} = credentials;
  const hasCapabilities = (capabilities.effective & CAP_DAC_OVERRIDE) !== 0n;
  if (!confinement) {
    return {uid: credentials.uid.fs, gid: credentials.gid.fs, groups: credentials.groups, hasCapabilities};
  }
  const {uid, gid, groups = credentials.groups} = confinement;
  return {uid, gid, groups, hasCapabilities: !confinement.dropCapabilities && hasCapabilities};
}

/** Source: Linux, include/uapi/linux/capability.h. */
const CAP_DAC_OVERRIDE = 1n << 1n;
