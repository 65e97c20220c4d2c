import type {ProcessIdentity} from '../host/proc.ts';
import type {DomainState, DomainStateName} from '../model/domain-state.ts';
import {STATE_REASONS} from '../model/domain-state.ts';

/**
 * What must be known to find a running domain again, in `RUN/UUID/status.json`. Written when it starts and at every
 * change of its state, so that another process reads the truth while the owner lives.
 */
export interface LiveStatus {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly emulator: ProcessIdentity;
  readonly startedAtMs: number;
  /** The definition it was started with: XML with aliases, ptys and logs. */
  readonly liveXml: string;
  readonly persistent: boolean;
  readonly state: DomainState;
  /** Where this run begins in the domain's log, bytes. */
  readonly logOffset: number;
  /** The sandbox and privileges it was started with, as the plan asked for them. */
  readonly confinement: Confinement;
  /** True when the driver turned the guest's next power-off into a reset. */
  readonly rebootPending: boolean;
}

/** What a launch asks of the kernel for the emulator's process. */
export interface Confinement {
  readonly uid: number;
  readonly gid: number;
  readonly dropCapabilities: boolean;
  readonly noNewPrivs: boolean;
  readonly seccomp: boolean;
}

/** How a domain ended, in `LIB/UUID.json`: shown until it is started again. */
export interface EndedStatus {
  readonly state: DomainState;
  readonly atMs: number;
  /** Outside text. */
  readonly lastWords: readonly string[];
}

/** @returns undefined for a text that is not such a status: it is then as if there were none */
export function decodeLiveStatus(text: string): LiveStatus | undefined {
  const value = decodeObject(text);
  if (!value) return undefined;
  const {id, name, uuid, emulator, startedAtMs, liveXml, persistent, logOffset, confinement, rebootPending} = value;
  const state = decodeState(value.state);
  const process = isObject(emulator) ? emulator : {};
  const asked = isObject(confinement) ? confinement : {};
  if (
    typeof id !== 'number' ||
    typeof name !== 'string' ||
    typeof uuid !== 'string' ||
    typeof process.pid !== 'number' ||
    typeof process.startTicks !== 'number' ||
    typeof startedAtMs !== 'number' ||
    typeof liveXml !== 'string' ||
    !state
  ) {
    return undefined;
  }
  return {
    id,
    name,
    uuid,
    emulator: {pid: process.pid, startTicks: process.startTicks},
    startedAtMs,
    liveXml,
    persistent: persistent === true,
    state,
    logOffset: typeof logOffset === 'number' ? logOffset : 0,
    confinement: {
      uid: typeof asked.uid === 'number' ? asked.uid : 0,
      gid: typeof asked.gid === 'number' ? asked.gid : 0,
      dropCapabilities: asked.dropCapabilities === true,
      noNewPrivs: asked.noNewPrivs === true,
      seccomp: asked.seccomp === true,
    },
    rebootPending: rebootPending === true,
  };
}

/** @returns undefined for a text that is not such a status */
export function decodeEndedStatus(text: string): EndedStatus | undefined {
  const value = decodeObject(text);
  const state = decodeState(value?.state);
  if (!value || !state) return undefined;
  const words = Array.isArray(value.lastWords) ? value.lastWords.filter(line => typeof line === 'string') : [];
  return {state, atMs: typeof value.atMs === 'number' ? value.atMs : 0, lastWords: words};
}

function decodeState(value: unknown): DomainState | undefined {
  if (!isObject(value) || typeof value.is !== 'string' || !Object.hasOwn(STATE_REASONS, value.is)) return undefined;
  const reasons: readonly unknown[] = STATE_REASONS[value.is as DomainStateName];
  return reasons.includes(value.reason) ? (value as DomainState) : undefined;
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
