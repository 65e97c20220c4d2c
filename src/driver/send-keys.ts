import {setTimeout as wait} from 'node:timers/promises';
import {VirtError} from '../base/virt-error.ts';
import {formatState} from '../model/domain-state.ts';
import type {KeyChord} from '../model/guest-keys.ts';
import type {MonitorClient} from '../monitor/monitor-client.ts';
import type {Domain} from './domain.ts';

/** What the emulator takes without being told. Source: QEMU 7.2, qapi/ui.json, send-key. */
const DEFAULT_HOLD_MS = 100;
/** 25 characters a second: a guest under software emulation reads them all from the 16 bytes that its keyboard keeps. */
const TYPING_HOLD_MS = 20;

/**
 * Presses keys on the guest's keyboard, chord after chord. The emulator waits after each press and each release, and its
 * queue is short: the next chord is sent when the one before is through.
 *
 * @param options.holdTimeMs  default 100 for one chord, 20 for several, as in a text
 */
export async function sendKeys(
  monitor: MonitorClient,
  chords: readonly KeyChord[],
  options: {readonly holdTimeMs?: number} = {},
): Promise<void> {
  const holdMs = options.holdTimeMs ?? (chords.length > 1 ? TYPING_HOLD_MS : DEFAULT_HOLD_MS);
  for (const [at, chord] of chords.entries()) {
    const keys = chord.map(key => (typeof key === 'number' ? {type: 'number', data: key} : {type: 'qcode', data: key}));
    await monitor.execute('send-key', {keys, 'hold-time': holdMs});
    if (at < chords.length - 1) await wait(2 * chord.length * holdMs);
  }
}

/** An emulator drops the keys of a guest that stands still. @throws {VirtError} OPERATION_INVALID */
export function requireKeyTaker({name, state}: Domain): void {
  if (['shut off', 'running', 'in shutdown', 'pmsuspended'].includes(state.is)) return; // off: told when it is tried
  const message = `cannot send keys to domain '${name}': it is ${formatState(state)} and takes none`;
  throw new VirtError('OPERATION_INVALID', 'QEMU', message, {hint: `let it go on first: virtty resume ${name}`});
}
