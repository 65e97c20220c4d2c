import {type Disposable, DisposableStore} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import {messageOf, VirtError} from '../base/virt-error.ts';
import {appendText, readTextFrom, writeTextAtomically} from '../host/files.ts';
import {isAlive} from '../host/proc.ts';
import {removeTree} from '../host/remove-tree.ts';
import {waitForChange} from '../host/wait-for.ts';
import {formatState} from '../model/domain-state.ts';
import type {DomainTaint} from '../model/domain-taint.ts';
import type {MonitorClient, QmpEvent} from '../monitor/monitor-client.ts';
import type {DeviceRule} from '../security/cgroup/device-rule.ts';
import {changeDevices} from './cgroup/own-group.ts';
import {type EndReport, reportEnd, wordsOf} from './domain-end.ts';
import {afterEvent, type DomainLife} from './domain-life.ts';
import {dutyOn, performDuty, requireResettable, resetGuest} from './driver-duties.ts';
import {KEEPER_TIMEOUT_MS, readExitStatus} from './exit-status.ts';
import {takeBackAll} from './host-steps/take-back.ts';
import {domainRunDir, type InstancePaths} from './instance-paths.ts';
import {stamp} from './launch.ts';
import type {LiveStatus} from './live-status.ts';
import {signalEmulator} from './signal-emulator.ts';

export interface RunOptions {
  readonly status: LiveStatus;
  readonly monitor: MonitorClient;
  readonly paths: InstancePaths;
  readonly logPath: string;
  /** Wall clock in milliseconds since 1970. */
  readonly now: () => number;
}

/** How long a guest's process may take to end after SIGTERM before it is killed. libvirt 9.0.0 waits 10 s. */
const TERM_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 10_000;

/**
 * One run of a domain, from the paused emulator to the end of its process. Its state follows the emulator's events
 * and is written to the domain's status file at every change.
 */
export class RunningDomain implements Disposable {
  readonly paths: InstancePaths;
  readonly runDir: string;
  readonly #options: RunOptions;
  readonly #monitor: MonitorClient;
  readonly #changedEmitter = new Emitter<void>();
  readonly #endedEmitter = new Emitter<EndReport>();
  readonly #owned = new DisposableStore();
  #status: LiveStatus;
  #life: DomainLife;
  #disposed = false;
  #writing: Promise<void> = Promise.resolve();
  #end: Promise<EndReport> | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#status = options.status;
    this.#life = {state: options.status.state};
    this.#monitor = options.monitor;
    this.paths = options.paths;
    this.runDir = domainRunDir(options.paths, options.status.uuid);
    this.#owned.add(this.#monitor);
    this.#owned.add(this.#monitor.onEvent(event => this.#handleEvent(event)));
    this.#owned.add(this.#monitor.onClosed(() => this.#handleMonitorClosed()));
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** The driver's own monitor, for what does not change the run. */
  get monitor(): MonitorClient {
    return this.#monitor;
  }

  /** The state or what a list shows of it changed. */
  onChanged(listener: () => void): Disposable {
    return this.#changedEmitter.on(listener);
  }

  /** The process is gone, its files are cleared away. */
  onEnded(listener: (report: EndReport) => void): Disposable {
    return this.#endedEmitter.on(listener);
  }

  /** Notes once and for the rest of the run what the driver does not answer for. */
  async taint(taint: DomainTaint): Promise<void> {
    const taints = this.#status.taints ?? [];
    if (!taints.includes(taint)) await this.#update({taints: [...taints, taint]});
  }

  /** Notes that the guest's devices are other ones now. */
  setLiveXml(liveXml: string): Promise<void> {
    return this.#update({liveXml});
  }

  /** Holds the guest to another list of devices, where it is held to one. @throws {VirtError} SYSTEM_ERROR */
  async setDevices(devices: readonly DeviceRule[]): Promise<void> {
    const {confinement} = this.#status;
    const {cgroup} = confinement ?? {};
    if (!confinement || !cgroup) return;
    await changeDevices(cgroup, devices);
    await this.#update({confinement: {...confinement, cgroup: {...cgroup, devices}}});
  }

  /** Every message of the emulator, after its effect on the state. */
  onMonitorEvent(listener: (event: QmpEvent) => void): Disposable {
    return this.#monitor.onEvent(listener);
  }

  /** Lets the guest go on; its state follows by the emulator's event, which comes before this returns. */
  async resume(): Promise<void> {
    // A guest that stands still after its power-off or panic has to be reset before it can go on.
    if (this.#life.state.is === 'crashed' || this.#life.state.reason === 'shutting down')
      await resetGuest(this.#monitor, this.#status.rebootAction);
    await this.#monitor.execute('cont');
  }

  async suspend(): Promise<void> {
    await this.#monitor.execute('stop');
  }

  async wakeup(): Promise<void> {
    await this.#monitor.execute('system_wakeup');
  }

  async powerDown(): Promise<void> {
    await this.#monitor.execute('system_powerdown');
  }

  async reset(): Promise<void> {
    await resetGuest(this.#monitor, this.#status.rebootAction);
    if (this.#life.state.is !== 'running') await this.#monitor.execute('cont');
  }

  /** Presses the power button and makes a reset of the power-off that follows, as libvirt does it. */
  async reboot(): Promise<void> {
    requireResettable(this.#status.rebootAction);
    if (this.#status.monitorPty !== undefined) throw cannotReboot(this.#status.name);
    await this.#monitor.execute('set-action', {shutdown: 'pause'});
    await this.#update({rebootPending: true});
    await this.#monitor.execute('system_powerdown');
  }

  /** Finishes a reboot whose power-off came while nobody watched. */
  async resumePendingReboot(): Promise<void> {
    if (!this.#status.rebootPending || this.#life.state.reason !== 'shutting down') return;
    await this.#perform({on: 'guest-shutdown', does: 'restart'});
  }

  /**
   * Ends the process: asks it, waits, kills it.
   *
   * @param ending  what that was for
   * @throws {VirtError} OPERATION_FAILED when even SIGKILL does not end it, OPERATION_DENIED for the process of another user
   */
  async destroy(ending: 'destroyed' | 'saved' = 'destroyed'): Promise<void> {
    for (const [signal, timeoutMs] of [
      ['SIGTERM', TERM_TIMEOUT_MS],
      ['SIGKILL', KILL_TIMEOUT_MS],
    ] as const) {
      signalEmulator(this.#status, signal);
      this.#life = {...this.#life, ending};
      const gone = await waitForChange(this.runDir, async () => (isAlive(this.#status.emulator) ? undefined : true), {
        timeoutMs,
      });
      if (!gone) continue;
      await this.#finish();
      return;
    }
    throw new VirtError(
      'OPERATION_FAILED',
      'QEMU',
      `cannot force off domain '${this.#status.name}': its process ${this.#status.emulator.pid} does not end, not even by SIGKILL`,
      {
        hint: 'it is stuck in the kernel, mostly on storage that does not answer: look at dmesg and the mounts',
      },
    );
  }

  dispose(): void {
    this.#disposed = true;
    this.#owned.dispose();
  }

  /** Waits until everything that was known is on disk. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #handleEvent(event: QmpEvent): void {
    const before = this.#life;
    this.#life = afterEvent(before, event);
    const duty = dutyOn(event, this.#status);
    if (duty) void this.#perform(duty); // its failure is told by the domain staying as it is, and logged
    if (before.state !== this.#life.state) void this.#noteState();
  }

  /** Nobody waits for it: a disk without room leaves the file older than the truth, which is asked for after an attach. */
  async #noteState(): Promise<void> {
    try {
      await this.#update({state: this.#life.state});
    } catch (error) {
      await this.#tell(`cannot note the state of the domain: ${messageOf(error)}`).catch(() => {}); // on the same full disk
    }
  }

  /** Into the domain's log. */
  #tell(what: string): Promise<void> {
    return appendText(this.#options.logPath, `${stamp(this.#options.now())}virtty: ${what}\n`);
  }

  async #perform(duty: NonNullable<ReturnType<typeof dutyOn>>): Promise<void> {
    try {
      await performDuty(duty, this.#monitor, {
        dumpDir: `${this.paths.lib}/dump`,
        rebootAction: this.#status.rebootAction,
        ...(this.#status.confinement ? {owner: this.#status.confinement} : {}),
      });
      if (this.#status.rebootPending) await this.#endReboot();
    } catch (error) {
      await this.#tell(`cannot ${duty.does}: ${String(error)}`);
    }
  }

  async #endReboot(): Promise<void> {
    await this.#monitor.execute('set-action', {shutdown: this.#status.shutdownAction});
    await this.#update({rebootPending: false});
  }

  #handleMonitorClosed(): void {
    if (!this.#disposed) void this.#finish();
  }

  /** Once: waits for the end of the process, whose monitor is closed or which was killed, and clears up after it. */
  #finish(): Promise<EndReport> {
    this.#end ??= this.#clearUp();
    return this.#end;
  }

  async #clearUp(): Promise<EndReport> {
    const {emulator, logOffset} = this.#status;
    const exitStatus = await this.#exitStatus();
    await waitForChange(this.runDir, async () => (isAlive(emulator) ? undefined : true), {
      timeoutMs: Number.POSITIVE_INFINITY,
      recheckMs: 500,
    });
    const printed = wordsOf(await readTextFrom(this.#options.logPath, logOffset, 65536));
    const report = reportEnd({
      printed,
      ...(this.#life.ending ? {announced: this.#life.ending} : {}),
      ...(exitStatus === undefined ? {} : {exitStatus}),
    });
    await this.#writing;
    await this.#tell(formatState(report.state));
    const failures = [...(await takeBackAll(this.runDir)), ...(await this.#removeRunDir())];
    for (const failure of failures) {
      await this.#tell(failure);
    }
    this.dispose();
    this.#endedEmitter.emit(report);
    return report;
  }

  /** What others of the guest's user still hold there keeps no domain from having ended. */
  async #removeRunDir(): Promise<readonly string[]> {
    return removeTree(this.runDir).then(
      () => [],
      (error: unknown) => [messageOf(error)],
    );
  }

  /** A process that this instance did not start has no keeper that would write it down. */
  async #exitStatus(): Promise<number | undefined> {
    if (this.#status.isAdopted) return undefined;
    return readExitStatus(this.runDir, isAlive(this.#status.emulator) ? TERM_TIMEOUT_MS : KEEPER_TIMEOUT_MS);
  }

  #update(change: Partial<LiveStatus>): Promise<void> {
    this.#status = {...this.#status, ...change};
    const text = JSON.stringify(this.#status);
    this.#changedEmitter.emit();
    // One after the other, so that the newest is the last; a file that is gone with its domain needs none.
    const written = this.#writing.then(() => (this.#end ? undefined : this.#write(text)));
    // What one could not write is told to whoever asked for it; the next may be written, as on a disk with room again.
    this.#writing = written.catch(() => {});
    return written;
  }

  #write(text: string): Promise<void> {
    return writeTextAtomically(`${this.runDir}/status.json`, text, {sync: false});
  }

  /** Writes the first status, before the guest may run. @throws {VirtError} SYSTEM_ERROR */
  async begin(): Promise<void> {
    await this.#write(JSON.stringify(this.#status));
  }
}

/** Over a text monitor nobody can say what becomes of a power-off, and it is not told. */
function cannotReboot(name: string): VirtError {
  const why = 'its emulator, of before QMP, cannot make a restart of a power-off';
  return new VirtError('OPERATION_UNSUPPORTED', 'QEMU', `cannot reboot domain '${name}': ${why}`, {
    hint: 'reset it, or shut it down and start it again',
  });
}
