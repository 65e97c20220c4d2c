import {messageOf, VirtError} from '../base/virt-error.ts';
import {formatState} from '../model/domain-state.ts';
import {connectQmp} from '../monitor/connect-monitor.ts';
import type {MonitorClient} from '../monitor/monitor-client.ts';
import type {Domain} from './domain.ts';
import {findOwner} from './instance-lock.ts';
import {type InstancePaths, userMonitorPath} from './instance-paths.ts';
import {socketDirectory} from './live-status.ts';

/** A monitor that another client holds accepts the connection and stays silent. */
const GREETING_TIMEOUT_MS = 5_000;

/**
 * Uses the monitor of a domain that runs: the driver's own where this process owns the run, else the user's, connected
 * for this one job. A text monitor is the only one: it is used while nobody owns the instance.
 *
 * @param tried  for the error, e.g. `take a screenshot of`
 * @throws {VirtError} OPERATION_INVALID when the domain is off, RESOURCE_BUSY when another client holds the user's monitor
 */
export async function useMonitor<T>(
  domain: Domain,
  options: {readonly paths: InstancePaths; readonly tried: string},
  job: (monitor: MonitorClient) => Promise<T>,
): Promise<T> {
  const {running} = domain.parts;
  if (running) return job(running.monitor);
  if (!domain.live) {
    const message = `cannot ${options.tried} domain '${domain.name}': it is ${formatState(domain.state)}`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', message, {hint: `start it first: virtty start ${domain.name}`});
  }
  if (domain.parts.foreign) {
    const {withForeignMonitor} = await import('./foreign/foreign-monitor.ts');
    return withForeignMonitor(domain, job);
  }
  const {monitorPty, isAdopted} = domain.live;
  const isFree = monitorPty !== undefined && (await findOwner(options.paths.run)) === undefined;
  if (isFree) return withOnlyMonitor(monitorPty, job);
  if (monitorPty !== undefined || isAdopted) throw onlyOneMonitor(domain.name, options.tried);
  return withUserMonitor(userMonitorPath(socketDirectory(domain.live, options.paths)), job);
}

/** The monitor of an emulator that was started without a second one takes one client, which is the owner of the instance. */
function onlyOneMonitor(name: string, tried: string): VirtError {
  const why = 'its emulator has one monitor, which belongs to the process that owns the instance';
  return new VirtError('RESOURCE_BUSY', 'QEMU', `cannot ${tried} domain '${name}': ${why}`, {
    hint: 'do it there, or end that process first',
  });
}

/** Takes the only monitor of a guest for one job, while nobody owns its instance. */
async function withOnlyMonitor<T>(pty: string, job: (monitor: MonitorClient) => Promise<T>): Promise<T> {
  const {openTextMonitor} = await import('./text-monitor/open-text-monitor.ts');
  const monitor = await openTextMonitor(pty, {timeoutMs: GREETING_TIMEOUT_MS});
  try {
    return await job(monitor);
  } finally {
    monitor.dispose();
  }
}

/** Connects to the user's monitor of a domain for one job. @throws {VirtError} RESOURCE_BUSY when another client holds it */
async function withUserMonitor<T>(path: string, job: (monitor: MonitorClient) => Promise<T>): Promise<T> {
  const monitor = await connectUserMonitor(path);
  try {
    return await job(monitor);
  } finally {
    monitor.dispose();
  }
}

/** Connects to the user's monitor of a domain, for as long as the caller keeps it. @throws {VirtError} RESOURCE_BUSY when another client holds it */
export async function connectUserMonitor(path: string): Promise<MonitorClient> {
  try {
    return await connectQmp(path, {timeoutMs: GREETING_TIMEOUT_MS});
  } catch (cause) {
    const message = `cannot use the monitor: ${messageOf(cause)}; another program may be connected to it`;
    throw new VirtError('RESOURCE_BUSY', 'QEMU', message, {cause});
  }
}
