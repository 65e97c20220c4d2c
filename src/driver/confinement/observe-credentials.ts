import {VirtError} from '../../base/virt-error.ts';
import {readProcessLabel, readProcessStatus} from '../../host/proc.ts';
import {formatState} from '../../model/domain-state.ts';
import type {ProcessCredentials} from '../../model/security-report.ts';
import {parseCredentials} from '../../security/parse-status.ts';
import type {Domain} from '../domain.ts';

/**
 * Reads as whom the process of a running domain runs, as the kernel says it.
 *
 * @throws {VirtError} OPERATION_INVALID when it does not run, OPERATION_FAILED when /proc cannot be read
 */
export async function observeCredentials({name, live, state}: Domain): Promise<ProcessCredentials> {
  const tried = `cannot look at the confinement of domain '${name}'`;
  if (!live) {
    throw new VirtError('OPERATION_INVALID', 'QEMU', `${tried}: it is ${formatState(state)}, there is no process`);
  }
  const {pid} = live.emulator;
  const status = await readProcessStatus(pid);
  const credentials = status === undefined ? undefined : parseCredentials(status, await readProcessLabel(pid));
  if (!credentials) throw new VirtError('OPERATION_FAILED', 'QEMU', `${tried}: /proc/${pid}/status cannot be read`);
  return credentials;
}
