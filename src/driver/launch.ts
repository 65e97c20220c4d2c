import {stat} from 'node:fs/promises';
import type {UndoStack} from '../base/disposable.ts';
import {VirtError} from '../base/virt-error.ts';
import {appendText, readTextFrom} from '../host/files.ts';
import {type ProcessIdentity, readProcess} from '../host/proc.ts';
import {signalProcess} from '../host/signals.ts';
import {type DetachedChild, spawnDetachedOnPty} from '../host/spawn-emulator.ts';
import {waitForChange} from '../host/wait-for.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {connectQmp, connectUnixSocket} from '../monitor/connect-monitor.ts';
import type {MonitorClient} from '../monitor/monitor-client.ts';
import type {QmpClient} from '../monitor/qmp-client.ts';
import {asArray, asString, field} from '../monitor/qmp-json.ts';
import {formatCommandLine} from './argv/quote-for-display.ts';
import {renderArgv} from './argv/render.ts';
import {findSystemdRun} from './cgroup/find-systemd-run.ts';
import {wordsOf} from './domain-end.ts';
import {findSetpriv} from './find-setpriv.ts';
import {applySteps} from './host-steps/apply-steps.ts';
import {openHandedFiles} from './host-steps/handed-files.ts';
import {keeperCommand, parseKeeperPid} from './keeper.ts';
import type {LaunchPlan} from './launch-plan.ts';
import {liveConsoles, withPtys} from './live-consoles.ts';
import {keepLine} from './text-monitor/keep-line.ts';
import {openTextMonitor, tellsState, waitForPtys} from './text-monitor/open-text-monitor.ts';
import type {TextMonitor} from './text-monitor/plan-text-monitor.ts';

/** An emulator that is up, its machine built, its guest not yet running. */
export interface LaunchedEmulator {
  readonly identity: ProcessIdentity;
  readonly monitor: MonitorClient;
  /** Slave of each pty chardev by the id of its chardev, e.g. `charserial0`. */
  readonly ptys: ReadonlyMap<string, string>;
  /** Where the monitor of an emulator without QMP is. */
  readonly monitorPty?: string;
  /** True where that says whether the guest runs. */
  readonly tellsState?: boolean;
  /** Where this run begins in the domain's log. */
  readonly logOffset: number;
  /** What is worth knowing of what was done for it on the host. */
  readonly warnings: readonly string[];
}

/** Building a machine with much memory on a busy host takes its time; libvirt waits 30 s and more with memory. */
const START_TIMEOUT_MS = 60_000;
/** For a few bytes through a pty. */
const PID_TIMEOUT_MS = 5_000;

/**
 * Carries out a plan up to the paused emulator.
 *
 * @param undo  takes what has to be undone when this, or what follows, fails
 * @throws {VirtError} INTERNAL_ERROR with the emulator's own words when it refuses, SYSTEM_ERROR for a host step
 */
export async function launchEmulator(plan: LaunchPlan, undo: UndoStack, nowMs: number): Promise<LaunchedEmulator> {
  const args = renderArgv(plan.args);
  await appendText(
    plan.logPath,
    `${stamp(nowMs)}virtty: starting ${formatCommandLine(plan.executable, plan.args, Number.POSITIVE_INFINITY)}\n`,
  );
  const logOffset = (await stat(plan.logPath)).size;
  const warnings = await applySteps(plan.steps, undo);
  for (const warning of warnings) await appendText(plan.logPath, `${stamp(nowMs)}virtty: ${warning}\n`);
  const child = await spawnKeeper(plan, args);
  undo.push('start the emulator', () => endEmulator(child));
  const ended = new AbortController();
  void child.exited.then(() => ended.abort()); // rejects never: the child has started
  const failed = () => startFailure(plan, child, {logOffset, ended: ended.signal.aborted});
  try {
    const context = {logOffset, signal: ended.signal};
    const opened = await openMonitor(plan, context).catch(async () => Promise.reject(await failed()));
    undo.push('connect the monitor', async () => opened.monitor.dispose());
    const identity = await announcedIdentity(child);
    if (!identity) throw await failed();
    return {identity, ...opened, logOffset, warnings};
  } finally {
    const words = wordsOf(child.output());
    if (words.length > 0) await appendText(plan.logPath, `${words.join('\n')}\n`);
    child.dispose();
  }
}

/** The start of a line that virtty itself writes into a domain's log. */
export function stamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString()} `;
}

async function spawnKeeper(plan: LaunchPlan, args: readonly string[]): Promise<DetachedChild> {
  const setpriv = await findSetpriv(plan.confinement, `cannot start domain '${plan.def.name}'`);
  const systemdRun = plan.confinement.cgroup?.kind === 'scope' ? await findSystemdRun() : undefined;
  const {file, args: keeperArgs} = keeperCommand({
    logPath: plan.logPath,
    exitPath: plan.exitPath,
    emulator: plan.executable,
    args,
    confinement: plan.confinement,
    ...(plan.memoryLock === undefined ? {} : {memoryLock: plan.memoryLock}),
    ...(setpriv === undefined ? {} : {setpriv}),
    ...(systemdRun === undefined ? {} : {systemdRun}),
  });
  const handed = await openHandedFiles(plan.handedFiles);
  try {
    const options = {file, args: keeperArgs, env: plan.environment, cwd: '/', inherited: handed.descriptors};
    return await spawnDetachedOnPty(options);
  } catch (cause) {
    throw new VirtError('SYSTEM_ERROR', 'QEMU', `cannot start a shell for domain '${plan.def.name}'`, {cause});
  } finally {
    handed.dispose();
  }
}

interface OpenContext {
  readonly logOffset: number;
  /** The emulator has ended. */
  readonly signal: AbortSignal;
}

type OpenedMonitor = Pick<LaunchedEmulator, 'monitor' | 'ptys' | 'monitorPty' | 'tellsState'>;

async function openMonitor(plan: LaunchPlan, context: OpenContext): Promise<OpenedMonitor> {
  if (plan.textMonitor) return openByPtys(plan, plan.textMonitor, context);
  const monitor = await connectMonitor(plan, context.signal);
  return {monitor, ptys: await queryPtys(monitor)};
}

/** The lines are read before the guest can say anything: the emulator throws away what comes while nobody has them open. */
async function openByPtys(plan: LaunchPlan, textMonitor: TextMonitor, context: OpenContext): Promise<OpenedMonitor> {
  const {logPath, def} = plan;
  const timeoutMs = START_TIMEOUT_MS;
  const {monitor: monitorPty, lines: ptys} = await waitForPtys(textMonitor, {...context, logPath, timeoutMs});
  for (const {pty, log} of liveConsoles(withPtys(def, ptys))) {
    if (pty !== undefined && log !== undefined) await keepLine(pty, log);
  }
  const monitor = await openTextMonitor(monitorPty, {timeoutMs, isRunning: false});
  return {monitor, ptys, monitorPty, tellsState: await tellsState(monitor)};
}

/** The emulator's socket is there before it listens, and it listens before its machine is built. */
function connectMonitor(plan: LaunchPlan, signal: AbortSignal): Promise<QmpClient> {
  const connect = async () => {
    const tryOnce = () => connectUnixSocket(plan.monitorSocket).catch(() => undefined); // not yet: looked at again
    const socket = await waitForChange(plan.guestDir, tryOnce, {timeoutMs: START_TIMEOUT_MS, signal});
    if (!socket) throw new VirtError('OPERATION_FAILED', 'QEMU', `nobody listens on ${plan.monitorSocket}`);
    return socket;
  };
  return connectQmp(plan.monitorSocket, {timeoutMs: START_TIMEOUT_MS, connect, signal});
}

function identityOf(child: DetachedChild): ProcessIdentity | undefined {
  const pid = parseKeeperPid(child.output());
  const process = pid === undefined ? undefined : readProcess(pid);
  return process && {pid: process.pid, startTicks: process.startTicks};
}

/**
 * The emulator, as soon as its keeper has said its pid. That comes through a pty, where the kernel passes bytes on from a
 * work queue: on a busy host the emulator's monitor has answered before.
 */
async function announcedIdentity(child: DetachedChild): Promise<ProcessIdentity | undefined> {
  const {promise: settled, resolve} = Promise.withResolvers<void>();
  const look = () => {
    if (parseKeeperPid(child.output()) !== undefined) resolve();
  };
  const timer = setTimeout(resolve, PID_TIMEOUT_MS);
  const subscription = child.onOutput(look);
  void child.exited.then(() => resolve()); // rejects never: the child has started
  look();
  await settled;
  clearTimeout(timer);
  subscription.dispose();
  return identityOf(child);
}

async function endEmulator(child: DetachedChild): Promise<void> {
  const identity = await announcedIdentity(child);
  if (identity) signalProcess(identity, 'SIGKILL');
  else child.kill();
  await child.exited;
}

interface FailureContext {
  readonly logOffset: number;
  readonly ended: boolean;
}

async function startFailure(plan: LaunchPlan, child: DetachedChild, context: FailureContext): Promise<VirtError> {
  const {logOffset, ended} = context;
  const words = [...wordsOf(child.output()), ...wordsOf(await readTextFrom(plan.logPath, logOffset, 65536))];
  const what = `cannot start domain '${plan.def.name}'`;
  if (words.length === 0) {
    const did = ended ? 'ended without a word' : `did not answer its monitor within ${START_TIMEOUT_MS / 1000} s`;
    return new VirtError('INTERNAL_ERROR', 'QEMU', `${what}: the emulator ${plan.executable} ${did}`, {
      hint: `look at ${plan.logPath} for its command line and run it by hand`,
    });
  }
  const {label} = plan.confinement;
  return new VirtError('INTERNAL_ERROR', 'QEMU', `${what}: the emulator refused`, {
    detail: words,
    ...(label && words.some(word => word.includes('Permission denied'))
      ? {hint: labelHint(label.label, plan.def)}
      : {}),
  });
}

/** What the kernel would say of the policy beforehand it does not say to every driver: not to Debian's virtd_t. */
function labelHint(label: string, {type}: DomainDef): string {
  const code = type === 'qemu' ? ", and lets software emulation make code with 'setsebool -P virt_use_execmem on'" : '';
  return `it ran as '${label}': lines with 'avc:  denied' in the kernel's log (journalctl -k, ausearch -m avc) say what SELinux refused; its policy lets only a driver in virtd_t start such a process${code}`;
}

async function queryPtys(monitor: MonitorClient): Promise<ReadonlyMap<string, string>> {
  const ptys = new Map<string, string>();
  for (const chardev of asArray(await monitor.execute('query-chardev')) ?? []) {
    const filename = field(chardev, 'filename', asString, 'query-chardev');
    if (filename.startsWith('pty:')) ptys.set(field(chardev, 'label', asString, 'query-chardev'), filename.slice(4));
  }
  return ptys;
}
