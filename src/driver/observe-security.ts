import {VirtError} from '../base/virt-error.ts';
import {readProcessLabel, readProcessStatus} from '../host/proc.ts';
import {readAccountNames} from '../host/users.ts';
import {formatState} from '../model/domain-state.ts';
import type {SecurityReport} from '../model/security-report.ts';
import {checkCgroup, withoutCgroup} from '../security/cgroup/check-cgroup.ts';
import {checkConfinement} from '../security/check-confinement.ts';
import {parseCredentials} from '../security/parse-status.ts';
import {observeCgroup, observeDevices} from './cgroup/observe-cgroup.ts';
import type {Domain} from './domain.ts';

/**
 * Reads how the kernel confines a running domain, and holds it against what its start asked for.
 *
 * @throws {VirtError} OPERATION_INVALID when it does not run, OPERATION_FAILED when /proc cannot be read
 */
export async function observeSecurity({name, live, state}: Domain): Promise<SecurityReport> {
  const tried = `cannot look at the confinement of domain '${name}'`;
  if (!live) {
    throw new VirtError('OPERATION_INVALID', 'QEMU', `${tried}: it is ${formatState(state)}, there is no process`);
  }
  const {pid} = live.emulator;
  const status = await readProcessStatus(pid);
  const credentials = status === undefined ? undefined : parseCredentials(status, await readProcessLabel(pid));
  if (!credentials) throw new VirtError('OPERATION_FAILED', 'QEMU', `${tried}: /proc/${pid}/status cannot be read`);
  if (!live.confinement) return {domain: name, credentials, checks: []};
  const names = await readAccountNames();
  const {cgroup, uid} = live.confinement;
  const devices = cgroup
    ? checkCgroup(cgroup, await observeCgroup(pid, cgroup))
    : [withoutCgroup(uid === 0, await observeDevices(pid))];
  return {domain: name, credentials, checks: [...checkConfinement(live.confinement, credentials, names), ...devices]};
}
