import type {Disposable} from '../base/disposable.ts';
import {isActive} from '../model/domain-state.ts';
import type {DomainEvent, DomainSummary, Hypervisor} from '../model/hypervisor.ts';
import {type AppState, keepSelection, withEntry} from './app-state.ts';
import {addMessage, errorMessage, warningMessage} from './messages.ts';
import type {Store} from './store.ts';
import {selectDomain} from './view-state.ts';

/** A hypervisor wired into the store. */
export interface Session extends Disposable {
  /** Settled when the first listing is in the store; fails as the listing does. */
  readonly listed: Promise<void>;
}

const WARNINGS_KEPT = 20;

/**
 * Wires a hypervisor's events into the store, then asks for the domains and, not waited for, the capabilities.
 * The subscription comes first, so that no change between the listing and the first event is lost.
 */
export function openSession(hypervisor: Hypervisor, store: Store<AppState>, now: () => number): Session {
  const missed: DomainEvent[] = [];
  let isListed = false;
  const subscription = hypervisor.onDomainEvent(event => {
    if (isListed || event.type === 'capabilities' || event.type === 'warning') apply(store, event, now());
    else missed.push(event);
  });
  const listed = (async () => {
    const domains = await hypervisor.listDomains();
    isListed = true;
    store.update(state => {
      const foreign = state.domains.filter(domain => domain.foreign);
      return keepSelection({...state, listed: true, nowMs: now(), domains: sortByName([...domains, ...foreign])});
    });
    for (const event of missed.splice(0)) apply(store, event, now());
  })();
  // A failure is a message: the domains are shown without capabilities.
  void hypervisor.capabilities().then(
    capabilities => store.update(state => (state.capabilities ? state : {...state, capabilities})),
    error => store.update(state => ({...state, messages: addMessage(state.messages, errorMessage(error))})),
  );
  return {listed, dispose: () => subscription.dispose()};
}

function apply(store: Store<AppState>, event: DomainEvent, nowMs: number): void {
  store.update(state => applyEvent({...state, nowMs}, event));
}

/** What an event makes of the state. */
export function applyEvent(state: AppState, event: DomainEvent): AppState {
  switch (event.type) {
    case 'changed':
      return keepSelection(replaceDomain(state, event.domain));
    case 'removed':
      return keepSelection(removeDomain(selectHeir(state, event.name), event.name), state);
    case 'capabilities':
      return {...state, capabilities: event.capabilities};
    case 'warning':
      return addWarning(state, event.domain, event.message);
  }
}

/** In the natural order of names: `web2` before `web10`; guests that others started come last. */
export function sortByName(domains: readonly DomainSummary[]): readonly DomainSummary[] {
  const names = new Intl.Collator('en', {numeric: true});
  const group = (domain: DomainSummary) => (domain.foreign ? 1 : 0);
  return domains.toSorted((a, b) => group(a) - group(b) || names.compare(a.name, b.name));
}

function replaceDomain(state: AppState, domain: DomainSummary): AppState {
  const isSame = (other: DomainSummary) =>
    other.name === domain.name || (other.uuid === domain.uuid && !other.foreign && !domain.foreign);
  const others = state.domains.filter(other => !isSame(other));
  const domains = sortByName([...others, domain]);
  const before = state.domains.find(other => other.name === domain.name);
  const next = {...state, domains, logs: withEntry(state.logs, domain.name, undefined)};
  if (before?.pid === domain.pid && isActive(domain.state)) return next;
  return forgetProcess(next, domain.name);
}

function removeDomain(state: AppState, name: string): AppState {
  const rest = forgetProcess({...state, domains: state.domains.filter(domain => domain.name !== name)}, name);
  return {
    ...rest,
    logs: withEntry(rest.logs, name, undefined),
    monitors: withEntry(rest.monitors, name, undefined),
    warnings: withEntry(rest.warnings, name, undefined),
  };
}

/** A guest that was adopted goes under its old name: the selection goes on with the domain that it has become. */
function selectHeir(state: AppState, name: string): AppState {
  const removed = state.domains.find(domain => domain.name === name);
  if (!removed?.foreign || state.view.selected !== name) return state;
  const heir = state.domains.find(({pid, foreign}) => pid === removed.pid && !foreign);
  return heir ? {...state, view: selectDomain(state.view, heir.name)} : state;
}

/** What was read from a process that is gone. */
function forgetProcess(state: AppState, name: string): AppState {
  return {
    ...state,
    usage: withEntry(state.usage, name, undefined),
    security: withEntry(state.security, name, undefined),
    drift: withEntry(state.drift, name, undefined),
  };
}

function addWarning(state: AppState, domain: string | undefined, message: string): AppState {
  const text = domain === undefined ? message : `${domain}: ${message}`;
  const told = {...state, messages: addMessage(state.messages, warningMessage(text))};
  if (domain === undefined) return told;
  const warnings = [...(state.warnings.get(domain) ?? []), message].slice(-WARNINGS_KEPT);
  return {...told, warnings: withEntry(state.warnings, domain, warnings)};
}
