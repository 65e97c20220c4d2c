import type {ProcessIdentity} from '../host/proc.ts';
import {type DomainState, type DomainStateName, STATE_REASONS} from '../model/domain-state.ts';
import type {DomainTaint} from '../model/domain-taint.ts';
import type {CgroupConfinement} from '../security/cgroup/cgroup-confinement.ts';
import type {DriverDuty, LifecyclePlan} from './argv/lifecycle-plan.ts';
import {domainRunDir, type InstancePaths} from './instance-paths.ts';

/**
 * What must be known to find a running domain again, in `RUN/UUID/status.json`. Written when it starts and at every
 * change of its state, so that another process reads the truth while the owner lives.
 */
export interface LiveStatus {
  readonly format: typeof STATUS_FORMAT;
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly title?: string;
  readonly arch: string;
  readonly vcpus: number;
  readonly memoryKiB: number;
  readonly emulator: ProcessIdentity;
  /** The binary that runs. */
  readonly emulatorPath: string;
  readonly startedAtMs: number;
  /** The definition it was started with, with aliases, ptys and logs. */
  readonly liveXml: string;
  readonly consoles: readonly LiveConsole[];
  readonly duties: readonly DriverDuty[];
  /** What QEMU does by itself when the guest powers off; a reboot that was asked for changes it for a while. */
  readonly shutdownAction: LifecyclePlan['shutdown'];
  /** What QEMU does by itself when the guest, or the host, resets it. */
  readonly rebootAction: LifecyclePlan['reboot'];
  readonly state: DomainState;
  /** Where this run begins in the domain's log, bytes. */
  readonly logOffset: number;
  /** Where its sockets are; absent where an earlier version started it: beside this file. */
  readonly guestDir?: string;
  /** Absent for a process that something else started: nothing was asked of the kernel. */
  readonly confinement?: Confinement;
  /** True for a process that something else started and this instance took over. It has no keeper. */
  readonly isAdopted?: boolean;
  /** True where the monitor on its socket is a text monitor. */
  readonly hasTextSocket?: boolean;
  /** True when the driver turned the guest's next power-off into a reset. */
  readonly rebootPending: boolean;
  /** Where the text monitor of an emulator without QMP is: its only one. */
  readonly monitorPty?: string;
  /** True where that says whether the guest runs. */
  readonly tellsState?: boolean;
  /** Absent while nothing has tainted the run. */
  readonly taints?: readonly DomainTaint[];
}

/**
 * A line of the guest that can be opened: everything it ever wrote is in `log`, `pty` takes what is typed. A line without a
 * log is heard by who is connected to its pty or its socket, as long as that is.
 */
export interface LiveConsole {
  readonly alias: string;
  readonly kind: 'serial' | 'console';
  readonly pty?: string;
  /** A unix socket that the emulator listens on, for one client. */
  readonly socket?: string;
  readonly log?: string;
  /** True where a program reads the pty and writes the log: nobody else may read it. */
  readonly isKept?: boolean;
}

/** What a launch asks of the kernel for the emulator's process. */
export interface Confinement {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups that it gets; absent: those of the driver. */
  readonly groups?: readonly number[];
  readonly dropCapabilities: boolean;
  readonly noNewPrivs: boolean;
  readonly seccomp: boolean;
  /** Absent for a process that gets what the policy of the host gives it. */
  readonly label?: ProcessLabel;
  /** Absent for a run that is held to no list of devices. */
  readonly cgroup?: CgroupConfinement;
}

/** The directory of the sockets of a run. @param paths  of its instance */
export function socketDirectory({guestDir, uuid}: Pick<LiveStatus, 'guestDir' | 'uuid'>, paths: InstancePaths): string {
  return guestDir ?? domainRunDir(paths, uuid);
}

/** The label that a launch asks for, and that of the files that the guest alone has. */
export interface ProcessLabel {
  readonly model: 'selinux';
  readonly label: string;
  readonly imageLabel: string;
}

/** Raised when the meaning of a field changes: an older file is then as if there were none. */
export const STATUS_FORMAT = 1;

/** How a domain ended, in `LIB/UUID.json`: shown until it is started again. */
export interface EndedStatus {
  readonly format: typeof STATUS_FORMAT;
  readonly state: Extract<DomainState, {is: 'shut off'}>;
  readonly atMs: number;
  /** Outside text. */
  readonly lastWords: readonly string[];
}

/**
 * Reads the status that virtty itself wrote, whole or not at all: files are replaced atomically,
 * and only their owner can write them, so the format and the state stand for the rest.
 *
 * @returns undefined for a text that is not such a status
 */
export function decodeLiveStatus(text: string): LiveStatus | undefined {
  const value = decodeObject(text);
  if (value?.format !== STATUS_FORMAT || !isState(value.state) || !isObject(value.emulator)) return undefined;
  return value as unknown as LiveStatus;
}

/** @returns undefined for a text that is not such a status */
export function decodeEndedStatus(text: string): EndedStatus | undefined {
  const value = decodeObject(text);
  if (value?.format !== STATUS_FORMAT || !isState(value.state) || value.state.is !== 'shut off') return undefined;
  return value as unknown as EndedStatus;
}

function isState(value: unknown): value is DomainState {
  if (!isObject(value) || typeof value.is !== 'string' || !Object.hasOwn(STATE_REASONS, value.is)) return false;
  const reasons: readonly unknown[] = STATE_REASONS[value.is as DomainStateName];
  return reasons.includes(value.reason);
}

function decodeObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // a file cut short by a crash of the host
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
