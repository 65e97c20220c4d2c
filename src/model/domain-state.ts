/**
 * The states of a domain with their reasons, as libvirt has them.
 * Source: libvirt 9.0.0, include/libvirt/libvirt-domain.h, virDomainState and the vir*Reason enums;
 * the words are those of `virsh domstate --reason`.
 */
export const STATE_REASONS = {
  running: ['unknown', 'booted', 'migrated', 'restored', 'from snapshot', 'unpaused', 'wakeup', 'crashed'],
  paused: [
    'unknown',
    'user',
    'migrating',
    'saving',
    'dumping',
    'I/O error',
    'watchdog',
    'from snapshot',
    'shutting down',
    'crashed',
    'starting up',
  ],
  'in shutdown': ['unknown', 'user'],
  'shut off': ['unknown', 'shutdown', 'destroyed', 'crashed', 'migrated', 'saved', 'failed', 'from snapshot'],
  crashed: ['unknown', 'panicked'],
  pmsuspended: ['unknown'],
} as const;

export type DomainStateName = keyof typeof STATE_REASONS;

/** What a domain is doing and why, e.g. `{is: 'paused', reason: 'I/O error'}`. */
export type DomainState = {
  readonly [Name in DomainStateName]: {readonly is: Name; readonly reason: (typeof STATE_REASONS)[Name][number]};
}[DomainStateName];

/** True while an emulator process belongs to the domain. */
export function isActive(state: DomainState): boolean {
  return state.is !== 'shut off';
}

/** True for a domain whose last start failed. */
export function hasFailed(state: DomainState): boolean {
  return state.is === 'shut off' && state.reason === 'failed';
}

/** `paused (I/O error)`; a reason that says nothing is left out. */
export function formatState(state: DomainState): string {
  return state.reason === 'unknown' ? state.is : `${state.is} (${state.reason})`;
}
