import type {Capabilities} from '../model/capabilities.ts';
import {isActive} from '../model/domain-state.ts';
import {runnerWords} from '../model/foreign-guest.ts';
import type {Abilities, DomainSummary, DriverInstance} from '../model/hypervisor.ts';
import type {InstanceSecurity} from '../model/instance-security.ts';
import type {SecurityReport} from '../model/security-report.ts';
import type {DomainActionId} from './actions.ts';
import type {DisplayReading} from './display.ts';
import {type Drift, NO_DRIFT} from './drift.ts';
import type {Graphics} from './graphics.ts';
import {type Messages, NO_MESSAGES} from './messages.ts';
import type {MonitorLog} from './monitor-log.ts';
import type {Usage} from './usage.ts';
import {INITIAL_VIEW, selectDomain, type ViewState} from './view-state.ts';

/** An action that was begun on a domain and has not ended. */
export interface Job {
  readonly action: DomainActionId;
  readonly startedAtMs: number;
}

/** How a domain is confined, or why that could not be read. */
export type SecurityReading =
  | {readonly is: 'read'; readonly report: SecurityReport; readonly atMs: number}
  | {readonly is: 'failed'; readonly why: string; readonly atMs: number};

/** How the instance confines its guests, or why that could not be read. */
export type InstanceReading =
  | {readonly is: 'read'; readonly security: InstanceSecurity; readonly atMs: number}
  | {readonly is: 'failed'; readonly why: string; readonly atMs: number};

/** Everything the program knows. Domain states in it are written by the hypervisor's events only. */
export interface AppState {
  readonly version: string;
  readonly instance: DriverInstance;
  readonly abilities: Abilities;
  /** False before the first listing has arrived. */
  readonly listed: boolean;
  /** Sorted by name. */
  readonly domains: readonly DomainSummary[];
  readonly capabilities: Capabilities | undefined;
  /** By the name of the domain, as are all maps here. */
  readonly jobs: ReadonlyMap<string, Job>;
  readonly usage: ReadonlyMap<string, Usage>;
  readonly security: ReadonlyMap<string, SecurityReading>;
  readonly drift: Drift;
  /** Absent before it was read; how the instance confines its guests, and its configuration. */
  readonly instanceSecurity?: InstanceReading;
  /** Of guests whose screen was looked at. */
  readonly displays: ReadonlyMap<string, DisplayReading>;
  /** How their pictures are drawn. */
  readonly graphics: Graphics;
  /** The newest lines of the domain's log, oldest first; outside text. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  readonly monitors: ReadonlyMap<string, MonitorLog>;
  readonly warnings: ReadonlyMap<string, readonly string[]>;
  readonly messages: Messages;
  /** Wall clock of the last change or tick, milliseconds since 1970. */
  readonly nowMs: number;
  readonly view: ViewState;
}

export interface AppStateOptions {
  readonly version: string;
  readonly instance: DriverInstance;
  readonly abilities: Abilities;
  readonly nowMs: number;
}

/** The state before anything is known. */
export function initialState(options: AppStateOptions): AppState {
  return {
    ...options,
    listed: false,
    domains: [],
    capabilities: undefined,
    jobs: new Map(),
    usage: new Map(),
    security: new Map(),
    drift: NO_DRIFT,
    displays: new Map(),
    graphics: {choice: 'auto', found: undefined},
    logs: new Map(),
    monitors: new Map(),
    warnings: new Map(),
    messages: NO_MESSAGES,
    view: INITIAL_VIEW,
  };
}

/** The domains that the filter lets through; the words of the filter are looked for in name, title, state, and who runs it. */
export function visibleDomains(state: Pick<AppState, 'domains' | 'view'>): readonly DomainSummary[] {
  const words = state.view.filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return state.domains;
  return state.domains.filter(domain => {
    const others = domain.foreign ? `${runnerWords(domain.foreign.runner)} ${domain.foreign.user}` : '';
    const text = `${domain.name} ${domain.title ?? ''} ${domain.state.is} ${domain.state.reason} ${others}`;
    return words.every(word => text.toLowerCase().includes(word));
  });
}

export function selectedDomain(state: Pick<AppState, 'domains' | 'view'>): DomainSummary | undefined {
  return state.domains.find(domain => domain.name === state.view.selected);
}

export function isAnyActive(state: Pick<AppState, 'domains'>): boolean {
  return state.domains.some(domain => isActive(domain.state));
}

/** Keeps the selection on a domain that can be seen: itself, or what took its place in the list. */
export function keepSelection(state: AppState, before: AppState = state): AppState {
  const visible = visibleDomains(state);
  if (visible.some(domain => domain.name === state.view.selected)) return state;
  const place = visibleDomains(before).findIndex(domain => domain.name === state.view.selected);
  const next = visible[Math.max(0, Math.min(place, visible.length - 1))];
  return {...state, view: selectDomain(state.view, next?.name)};
}

/** A copy of a map with one entry set, or removed for `undefined`. */
export function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> {
  if (value === undefined && !map.has(key)) return map;
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
