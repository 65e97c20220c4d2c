import {problemsError} from '../base/problem.ts';
import {VirtError} from '../base/virt-error.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {type DomainState, formatState} from '../model/domain-state.ts';
import {type ForeignGuest, runnerSentence} from '../model/foreign-guest.ts';
import {formatDomain} from '../model/format-domain.ts';
import type {DomainSummary} from '../model/hypervisor.ts';
import type {MonitorReach} from './foreign/reachable-channels.ts';
import type {EndedStatus, LiveStatus} from './live-status.ts';
import type {RunningDomain} from './running-domain.ts';

const NEVER_RUN: DomainState = {is: 'shut off', reason: 'unknown'};

/** What a domain is made of at any time: its definition, its run, or how the last run ended. */
export interface DomainParts {
  /** Absent for a running domain whose definition was removed. */
  def?: DomainDef | undefined;
  running?: RunningDomain | undefined;
  /** Of a run that another process owns: it can be looked at only. */
  observed?: LiveStatus | undefined;
  ended?: EndedStatus | undefined;
  /** Of a guest that something else on this host started; its run is `observed`. */
  foreign?: ForeignGuest | undefined;
  /** Whether its monitor is free now. */
  foreignMonitor?: MonitorReach | undefined;
}

/** One domain of an instance. Everything that changes it runs in its queue, one after the other. */
export class Domain {
  readonly uuid: string;
  readonly name: string;
  readonly parts: DomainParts;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(identity: {readonly uuid: string; readonly name: string}, parts: DomainParts) {
    this.uuid = identity.uuid;
    this.name = identity.name;
    this.parts = parts;
  }

  /** The status of its run, when it runs. */
  get live(): LiveStatus | undefined {
    return this.parts.running?.status ?? this.parts.observed;
  }

  get state(): DomainState {
    return this.live?.state ?? this.parts.ended?.state ?? NEVER_RUN;
  }

  /** True while there is any reason to list it. */
  get exists(): boolean {
    return this.parts.def !== undefined || this.live !== undefined;
  }

  /** Runs a job when the jobs before it are done. */
  enqueue<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(job);
    this.#queue = result.catch(() => {}); // told to its caller; the next job does not depend on it
    return result;
  }

  /** The run of this domain. @throws {VirtError} OPERATION_INVALID when it does not run, or not here */
  requireRunning(tried: string): RunningDomain {
    if (this.parts.running) return this.parts.running;
    this.requireOwn(tried);
    throw new VirtError(
      'OPERATION_INVALID',
      'QEMU',
      `cannot ${tried} domain '${this.name}': it is ${formatState(this.state)}`,
      {
        hint: `start it first: virtty start ${this.name}`,
      },
    );
  }

  /** The definition that a start takes. @throws {VirtError} OPERATION_INVALID for a domain that runs */
  requireStartable(): DomainDef {
    const {live, parts, name, state} = this;
    if (!live && parts.def) return parts.def;
    const message = `cannot start domain '${name}': it is ${formatState(state)} already`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', message);
  }

  /** Its XML: live where it runs and nothing else is asked. @throws {VirtError} OPERATION_INVALID when there is none */
  xml(options: {readonly inactive?: boolean} = {}): string {
    const {live, parts, name} = this;
    if (live && live.liveXml !== '' && !options.inactive) return live.liveXml;
    if (parts.def) return formatDomain(parts.def);
    const tried = `cannot show the definition of domain '${name}'`;
    if (!parts.foreign)
      throw new VirtError('OPERATION_INVALID', 'QEMU', `${tried}: it was removed, the domain only runs`);
    if (live?.liveXml === '') throw problemsError(`${tried}: its command line is no domain`, parts.foreign.problems);
    throw this.#foreignError('show the saved definition of', parts.foreign);
  }

  /** @throws {VirtError} OPERATION_INVALID for a guest that others started */
  requireOwn(tried: string): void {
    if (this.parts.foreign) throw this.#foreignError(tried, this.parts.foreign);
  }

  /** Why something is not done to a guest that others started. */
  #foreignError(tried: string, foreign: ForeignGuest): VirtError {
    const whose = `it is not this instance's: ${runnerSentence(foreign)}`;
    return new VirtError('OPERATION_INVALID', 'QEMU', `cannot ${tried} domain '${this.name}': ${whose}`, {
      hint: `make it this instance's first: virtty adopt ${this.live?.emulator.pid ?? this.name}`,
    });
  }

  summary(): DomainSummary {
    const {def, ended, foreign} = this.parts;
    const {live} = this;
    const title = live?.title ?? def?.title;
    const emulator = live?.emulatorPath ?? def?.emulator;
    return {
      name: this.name,
      uuid: this.uuid,
      id: live?.id ?? -1,
      state: this.state,
      persistent: def !== undefined,
      autostart: false,
      osType: 'hvm',
      arch: live?.arch ?? def?.os.arch ?? '',
      vcpus: live?.vcpus ?? def?.vcpus ?? 0,
      memoryKiB: live ? BigInt(live.memoryKiB) : (def?.memoryKiB ?? 0n),
      lastWords: live ? [] : (ended?.lastWords ?? []),
      ...(title === undefined ? {} : {title}),
      ...(emulator === undefined ? {} : {emulator}),
      ...(live?.monitorPty === undefined ? {} : {textMonitor: {tellsState: live.tellsState === true}}),
      ...(live?.taints ? {taints: live.taints} : {}),
      ...(live ? {pid: live.emulator.pid, startedAtMs: live.startedAtMs} : {}),
      ...(foreign ? {foreign} : {}),
    };
  }
}
