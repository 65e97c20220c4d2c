import type {DomainState} from '../model/domain-state.ts';

/** A message of the emulator, as far as the state of a domain depends on it. */
export interface EmulatorEvent {
  readonly name: string;
  readonly data: {readonly [key: string]: unknown};
}

type PausedReason = Extract<DomainState, {is: 'paused'}>['reason'];
type ShutOffReason = Extract<DomainState, {is: 'shut off'}>['reason'];

/** What is known of a running domain from the emulator's events. */
export interface DomainLife {
  readonly state: DomainState;
  /** Why the STOP that is about to come stops the guest; QEMU tells the cause first. */
  readonly nextStop?: PausedReason | 'panicked';
  /** How the domain will have ended when its process is gone; absent: nothing announced its end. */
  readonly ending?: ShutOffReason;
}

/** What a SHUTDOWN event's reason makes of the domain. Source: QEMU 7.2, qapi/run-state.json, ShutdownCause. */
const ENDINGS: Readonly<Record<string, ShutOffReason>> = {
  'guest-shutdown': 'shutdown',
  'guest-reset': 'shutdown',
  'guest-panic': 'crashed',
  'host-error': 'crashed',
  'subsystem-reset': 'crashed',
  'host-qmp-quit': 'destroyed',
  'host-signal': 'destroyed',
  'host-ui': 'destroyed',
};

/**
 * The life of a domain after one more event. Causes (BLOCK_IO_ERROR, WATCHDOG, GUEST_PANICKED, SHUTDOWN)
 * come before the STOP that they lead to, so they are remembered until then.
 *
 * @see QEMU 7.2, docs/interop/qmp-ref, "Events"
 */
export function afterEvent(life: DomainLife, {name, data}: EmulatorEvent): DomainLife {
  switch (name) {
    case 'STOP':
      return stopped(life);
    case 'RESUME':
      return {state: {is: 'running', reason: life.state.reason === 'starting up' ? 'booted' : 'unpaused'}};
    case 'SUSPEND':
      return {...life, state: {is: 'pmsuspended', reason: 'unknown'}};
    case 'WAKEUP':
      return {...life, state: {is: 'running', reason: 'wakeup'}};
    case 'BLOCK_IO_ERROR':
      return data.action === 'stop' ? {...life, nextStop: 'I/O error'} : life;
    case 'WATCHDOG':
      return data.action === 'pause' ? {...life, nextStop: 'watchdog'} : life;
    case 'GUEST_PANICKED':
      return {...life, nextStop: 'panicked', ending: 'crashed'};
    case 'SHUTDOWN':
      return {
        state: {is: 'in shutdown', reason: data.guest === true ? 'unknown' : 'user'},
        nextStop: life.nextStop ?? 'shutting down',
        ending: life.ending ?? ENDINGS[String(data.reason)] ?? 'shutdown',
      };
    default:
      return life;
  }
}

function stopped(life: DomainLife): DomainLife {
  const {nextStop, ...rest} = life;
  if (nextStop === 'panicked') return {...rest, state: {is: 'crashed', reason: 'panicked'}};
  return {...rest, state: {is: 'paused', reason: nextStop ?? 'user'}};
}

/**
 * The state that `query-status` reports, for a domain whose events were missed.
 * Source: QEMU 7.2, qapi/run-state.json, RunState.
 */
export function stateOfStatus(status: string): DomainState {
  switch (status) {
    case 'running':
      return {is: 'running', reason: 'unknown'};
    case 'prelaunch':
      return {is: 'paused', reason: 'starting up'};
    case 'io-error':
      return {is: 'paused', reason: 'I/O error'};
    case 'watchdog':
      return {is: 'paused', reason: 'watchdog'};
    case 'shutdown':
      return {is: 'paused', reason: 'shutting down'};
    case 'guest-panicked':
      return {is: 'crashed', reason: 'panicked'};
    case 'internal-error':
      return {is: 'crashed', reason: 'unknown'};
    case 'suspended':
      return {is: 'pmsuspended', reason: 'unknown'};
    case 'inmigrate':
    case 'finish-migrate':
    case 'postmigrate':
      return {is: 'paused', reason: 'migrating'};
    case 'save-vm':
      return {is: 'paused', reason: 'saving'};
    case 'restore-vm':
      return {is: 'paused', reason: 'from snapshot'};
    case 'paused':
      return {is: 'paused', reason: 'user'};
    default:
      return {is: 'paused', reason: 'unknown'};
  }
}

/** The reported state, with the reason that was known before where the report has none and they agree. */
export function mergeStates(reported: DomainState, known: DomainState): DomainState {
  if (reported.is !== known.is) return reported;
  return reported.reason === 'unknown' || reported.reason === 'user' ? known : reported;
}
