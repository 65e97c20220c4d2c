import {readlink} from 'node:fs/promises';
import {readTextFrom} from '../host/files.ts';
import {isAlive} from '../host/proc.ts';
import type {DomainState} from '../model/domain-state.ts';
import {connectQmp} from '../monitor/connect-monitor.ts';
import type {MonitorClient} from '../monitor/monitor-client.ts';
import {QmpCommandError} from '../monitor/qmp-client.ts';
import {asString, field} from '../monitor/qmp-json.ts';
import {type EndReport, reportEnd, wordsOf} from './domain-end.ts';
import {mergeStates, stateOfStatus} from './domain-life.ts';
import {KEEPER_TIMEOUT_MS, readExitStatus} from './exit-status.ts';
import {domainLogPath, domainRunDir, type InstancePaths, monitorPath} from './instance-paths.ts';
import {type LiveStatus, socketDirectory} from './live-status.ts';

/** What was found of a run that a process before this one started. */
export type FoundRun =
  | {readonly is: 'alive'; readonly status: LiveStatus; readonly monitor: MonitorClient}
  /** Its process lives, but its monitor does not answer: somebody else holds it, or it hangs. */
  | {readonly is: 'unreachable'; readonly status: LiveStatus; readonly why: unknown}
  | {readonly is: 'dead'; readonly status: LiveStatus; readonly report: EndReport};

/** A monitor that is free answers at once; one that is not may never. */
const ATTACH_TIMEOUT_MS = 5_000;

/** Looks whether a run goes on, and takes up its monitor again. */
export async function findRun(status: LiveStatus, paths: InstancePaths): Promise<FoundRun> {
  if (!isAlive(status.emulator)) return {is: 'dead', status, report: await reportDead(status, paths)};
  let monitor: MonitorClient | undefined;
  try {
    monitor = await connectMonitor(status, paths);
    return {is: 'alive', monitor, status: {...status, state: await askState(monitor, status.state)}};
  } catch (why) {
    monitor?.dispose();
    if (!isAlive(status.emulator)) return {is: 'dead', status, report: await reportDead(status, paths)};
    return {is: 'unreachable', status, why};
  }
}

async function connectMonitor(status: LiveStatus, paths: InstancePaths): Promise<MonitorClient> {
  const timeoutMs = ATTACH_TIMEOUT_MS;
  const {state, monitorPty} = status;
  if (monitorPty === undefined) {
    const own = monitorPath(socketDirectory(status, paths));
    // Of an adopted run it is a link. What it leads to is in a folder of somebody else, who may make it one, too.
    const path = status.isAdopted ? await readlink(own) : own;
    if (!status.hasTextSocket) return connectQmp(path, {timeoutMs});
    const {connectForeign} = await import('./foreign/foreign-monitor.ts');
    return connectForeign(path, 'hmp', timeoutMs);
  }
  const {openTextMonitor} = await import('./text-monitor/open-text-monitor.ts');
  return openTextMonitor(monitorPty, {timeoutMs, isRunning: state.is === 'running'});
}

/** The state as the emulator says it; one of before 0.10 cannot, so what was known stays. */
async function askState(monitor: MonitorClient, known: DomainState): Promise<DomainState> {
  try {
    const reported = stateOfStatus(field(await monitor.execute('query-status'), 'status', asString, 'query-status'));
    return mergeStates(reported, known);
  } catch (error) {
    if (error instanceof QmpCommandError && error.qemuClass === 'CommandNotFound') return known;
    throw error;
  }
}

async function reportDead(status: LiveStatus, paths: InstancePaths): Promise<EndReport> {
  const hasKeeper = !status.isAdopted;
  const exitStatus = hasKeeper ? await readExitStatus(domainRunDir(paths, status.uuid), KEEPER_TIMEOUT_MS) : undefined;
  const printed = wordsOf(await readTextFrom(domainLogPath(paths, status.name), status.logOffset, 65536));
  return reportEnd({printed, ...(exitStatus === undefined ? {} : {exitStatus})});
}
