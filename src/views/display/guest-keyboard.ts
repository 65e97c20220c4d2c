import type {AppState} from '../../app/app-state.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import type {KeyChord} from '../../model/guest-keys.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import {reduceDisplay} from './reduce-display.ts';

/** What a guest takes in 40 seconds. */
const MAX_WAITING = 1000;

/**
 * Presses keys on guests' keyboards in the order in which they were typed: what is typed while some are being pressed waits
 * and goes next, together. After each time a new picture is taken.
 */
export class GuestKeyboard {
  readonly #options: {readonly store: Store<AppState>; readonly hypervisor: Pick<Hypervisor, 'domainSendKeys'>};
  /** By domain; there while keys are being pressed. */
  readonly #waiting = new Map<string, KeyChord[]>();

  constructor(options: {readonly store: Store<AppState>; readonly hypervisor: Pick<Hypervisor, 'domainSendKeys'>}) {
    this.#options = options;
  }

  /** Never fails: an error becomes a message, and what waited behind it is not pressed. */
  press(domain: string, chords: readonly KeyChord[]): void {
    const waiting = this.#waiting.get(domain);
    if (!waiting) {
      this.#waiting.set(domain, [...chords]);
      void this.#pressAll(domain); // never fails
    } else if (waiting.length + chords.length <= MAX_WAITING) waiting.push(...chords);
    else
      say(
        this.#options.store,
        noticeMessage(`'${domain}' is too slow for what is typed: ${chords.length} keys are lost`),
      );
  }

  async #pressAll(domain: string): Promise<void> {
    const {store, hypervisor} = this.#options;
    try {
      for (;;) {
        const chords = this.#waiting.get(domain)?.splice(0) ?? [];
        if (chords.length === 0) break;
        await hypervisor.domainSendKeys(domain, chords, {holdTimeMs: LIVE_HOLD_MS});
        store.update(state => reduceDisplay(state, 'display.refresh') ?? state);
      }
    } catch (error) {
      say(store, errorMessage(error));
    } finally {
      this.#waiting.delete(domain);
    }
  }
}

/** As for a text: a key that is held for longer would repeat. */
const LIVE_HOLD_MS = 20;
