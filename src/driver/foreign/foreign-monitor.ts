import {VirtError} from '../../base/virt-error.ts';
import {connectHmp, connectQmp, connectUnixSocket} from '../../monitor/connect-monitor.ts';
import {HmpMonitor} from '../../monitor/hmp-monitor.ts';
import type {MonitorClient} from '../../monitor/monitor-client.ts';
import {asString, field} from '../../monitor/qmp-json.ts';
import type {Domain} from '../domain.ts';
import {stateOfStatus} from '../domain-life.ts';
import {untilLetGo} from './let-go.ts';
import {holderOfSocket, type Unreachable} from './reach.ts';

/** A monitor that is free answers at once. It is not waited for long: who started the guest may want it, too. */
const TIMEOUT_MS = 2_000;

/**
 * Uses the monitor of a guest that others started for one job, and lets go of it.
 *
 * @throws {VirtError} RESOURCE_BUSY with who has it, as far as that can be seen; OPERATION_INVALID where there is none
 */
export async function withForeignMonitor<T>(domain: Domain, job: (monitor: MonitorClient) => Promise<T>): Promise<T> {
  const reach = domain.parts.foreignMonitor;
  if (reach?.is !== 'free') throw await monitorError(domain, reach);
  let monitor: MonitorClient;
  try {
    monitor = await connectForeign(reach.path, reach.protocol, TIMEOUT_MS);
  } catch (cause) {
    const message = `cannot use the monitor of domain '${domain.name}': ${reach.path} does not answer`;
    throw new VirtError('RESOURCE_BUSY', 'QEMU', message, {
      cause,
      hint: 'another program may be connected to it by now',
    });
  }
  try {
    return await job(monitor);
  } finally {
    monitor.dispose();
    await untilLetGo(domain.live?.emulator.pid ?? 0, reach.name); // else the next look takes it for somebody else's
  }
}

/** Connects to a monitor on a socket, QMP or text. @throws {VirtError} as `connectQmp` and `connectHmp` */
export async function connectForeign(path: string, protocol: 'qmp' | 'hmp', timeoutMs: number): Promise<MonitorClient> {
  if (protocol === 'qmp') return connectQmp(path, {timeoutMs});
  return new HmpMonitor(await connectHmp(await connectUnixSocket(path), {timeoutMs}));
}

/**
 * Asks the monitor of a guest that others started for its state, if it is free.
 *
 * @returns whether the state is another one than was known
 */
export async function askState(domain: Domain): Promise<boolean> {
  const {observed, foreignMonitor} = domain.parts;
  if (!observed || foreignMonitor?.is !== 'free') return false;
  try {
    const answer = await withForeignMonitor(domain, monitor => monitor.execute('query-status'));
    const state = stateOfStatus(field(answer, 'status', asString, 'query-status'));
    domain.parts.observed = {...observed, state};
    return state.is !== observed.state.is || state.reason !== observed.state.reason;
  } catch {
    return false; // somebody else was faster: then it runs, as far as is known
  }
}

async function monitorError(domain: Domain, reach: Unreachable | undefined): Promise<VirtError> {
  const message = `cannot use the monitor of domain '${domain.name}': ${await busyReason(reach)}`;
  return new VirtError(reach?.is === 'busy' ? 'RESOURCE_BUSY' : 'OPERATION_INVALID', 'QEMU', message);
}

/** Why a monitor or line cannot be attached to, with who has it as far as that can be seen. */
export async function busyReason(reach: Unreachable | undefined): Promise<string> {
  if (reach?.is !== 'busy') return reach?.why ?? 'it has none';
  const holder = await holderOfSocket(reach.path);
  return holder ? `${reach.why}: process ${holder.pid} (${holder.program})` : reach.why;
}
