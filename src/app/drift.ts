import {quoteWord} from '../base/quote-shell.ts';
import type {DomainDrift, PartCheck} from '../model/security-report.ts';
import {addMessage, infoMessage, type Message, type Messages} from './messages.ts';

/** What differs of the domains of which something does. */
export type Drift = ReadonlyMap<string, readonly PartCheck[]>;

export const NO_DRIFT: Drift = new Map();

/** What is known of drift, and what was said of it. */
export interface DriftState {
  readonly drift: Drift;
  readonly messages: Messages;
}

/** `disk 'vda' /images/web.qcow2: root:root 0600: its owner was changed`: outside text. */
export function driftWords({aspect, observed}: PartCheck): string {
  return `${aspect}: ${observed}`;
}

/**
 * What a look at the running domains makes of the state: each aspect is told once when it begins to differ, and a domain once
 * when nothing of it does any more. A look that finds what the one before did changes nothing.
 */
export function applyDrift<S extends DriftState>(state: S, readings: readonly DomainDrift[]): S {
  const drift = new Map(readings.flatMap(({name, checks}) => (checks.length > 0 ? [[name, checks] as const] : [])));
  const told = readings.reduce<S>((next, reading) => tell(next, reading), state);
  return isSame(drift, state.drift) ? told : {...told, drift};
}

function isSame(a: Drift, b: Drift): boolean {
  const text = (drift: Drift) => [...drift].map(([name, checks]) => [name, ...checks.map(driftWords)].join('\n'));
  return a.size === b.size && text(a).join('\n\n') === text(b).join('\n\n');
}

function tell<S extends DriftState>(state: S, {name, checks}: DomainDrift): S {
  const before = state.drift.get(name) ?? [];
  const known = new Set(before.map(({aspect}) => aspect));
  const added = checks.filter(({aspect}) => !known.has(aspect));
  if (added.length > 0) {
    return {...state, messages: addMessage(state.messages, driftMessage(name, added))};
  }
  if (before.length === 0 || checks.length > 0) return state;
  return {...state, messages: addMessage(state.messages, infoMessage(`'${name}' is confined as asked again`))};
}

function driftMessage(name: string, [first, ...more]: readonly PartCheck[]): Omit<Message, 'id'> {
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return {
    level: 'warning',
    text: `'${name}' is not confined as asked: ${first ? driftWords(first) : ''}${others}`,
    hint: first?.remedies?.[0] ?? `virtty security ${quoteWord(name)}`,
    detail: more.map(driftWords),
  };
}
