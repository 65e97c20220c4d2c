import {VirtError} from '../base/virt-error.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {type DomainState, formatState} from '../model/domain-state.ts';
import type {DomainSummary} from '../model/hypervisor.ts';
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
    throw new VirtError(
      'OPERATION_INVALID',
      'QEMU',
      `cannot ${tried} domain '${this.name}': it is ${formatState(this.state)}`,
      {
        hint: `start it first: virtty start ${this.name}`,
      },
    );
  }

  summary(): DomainSummary {
    const {def, ended} = this.parts;
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
      ...(live?.taints ? {taints: live.taints} : {}),
      ...(live ? {pid: live.emulator.pid, startedAtMs: live.startedAtMs} : {}),
    };
  }
}
