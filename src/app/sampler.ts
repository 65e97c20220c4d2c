import type {Disposable} from '../base/disposable.ts';
import {messageOf} from '../base/virt-error.ts';
import {isActive} from '../model/domain-state.ts';
import type {DomainStats, DomainSummary, Hypervisor} from '../model/hypervisor.ts';
import {driftOf, isOpenDevice, type PartCheck} from '../model/security-report.ts';
import {
  type AppState,
  type InstanceReading,
  isAnyActive,
  type SecurityReading,
  selectedDomain,
  withEntry,
} from './app-state.ts';
import {DisplayReader} from './display-reader.ts';
import {applyDrift, driftWords} from './drift.ts';
import type {Store} from './store.ts';
import {addReading, type Usage} from './usage.ts';

/** What a pane on the screen needs to be read again and again. */
export const NEEDS = ['stats', 'drift', 'security', 'log', 'display', 'foreign'] as const;
export type Need = (typeof NEEDS)[number];

export interface SamplerOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly now: () => number;
  readonly periodMs?: number;
}

/** How many lines of a log are asked for. */
const LOG_LINES = 200;
/** The selected guest has its confinement read in full after this time, also while nobody looks at it closely. */
const SECURITY_AGE_MS = 10_000;
/** Any other: what differs of it is found by the short look. */
const OTHERS_AGE_MS = 60_000;
/** How the instance confines its guests is read again after this time: somebody may edit qemu.conf. */
const INSTANCE_AGE_MS = 60_000;
/** Guests that others start and end are looked for so often. */
const FOREIGN_AGE_MS = 5_000;
/** By then who starts an emulator has connected to its monitor. */
const FOREIGN_SETTLED_MS = 30_000;

/**
 * The one timer of the program. While a guest runs and somebody looks, or while a job is under way, it ticks once a
 * period, the next time a period after the work has ended; while others' guests are looked for, every five seconds;
 * otherwise it stands still.
 */
export class Sampler implements Disposable {
  readonly #options: SamplerOptions;
  readonly #periodMs: number;
  readonly #displays: DisplayReader;
  #needs: ReadonlySet<Need> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #working = false;
  #again = false;
  #disposed = false;
  #foreignAtMs = Number.NEGATIVE_INFINITY;
  #isLookingForForeign = false;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#periodMs = options.periodMs ?? 1000;
    this.#displays = new DisplayReader(options);
  }

  /** Says what the screen needs from now on. */
  setNeeds(needs: ReadonlySet<Need>): void {
    const isSame = needs.size === this.#needs.size && [...needs].every(need => this.#needs.has(need));
    this.#needs = needs;
    if (!isSame) this.kick();
  }

  /** Reads at once: something has changed. During a reading: once more after it. */
  kick(): void {
    if (this.#disposed) return;
    if (this.#working) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#tick(); // ends by itself and never fails: readings translate their errors
  }

  dispose(): void {
    this.#disposed = true;
    this.#displays.dispose();
    clearTimeout(this.#timer);
  }

  async #tick(): Promise<void> {
    this.#working = true;
    void this.#lookForForeign(); // never fails
    this.#takePicture();
    const changes = await Promise.all([
      this.#readStats(),
      this.#readDrift(),
      this.#readSecurity(),
      this.#readInstance(),
      this.#readLog(),
    ]);
    this.#working = false;
    if (this.#disposed) return;
    const nowMs = this.#options.now();
    this.#options.store.update(state => changes.reduce((next, change) => change(next), {...state, nowMs}));
    if (this.#again) {
      this.#again = false;
      this.kick();
    } else if (this.#hasWork()) this.#rearm(this.#periodMs);
    else if (this.#looksForForeign()) this.#rearm(FOREIGN_AGE_MS);
  }

  /** Beside the other readings, which do not wait for it; again at once where another was asked for meanwhile. */
  #takePicture(): void {
    if (!this.#needs.has('display')) return;
    void this.#displays.begin()?.then(() => this.#takePicture()); // never fails: that there is none is a reading, too
  }

  #rearm(periodMs: number): void {
    this.#timer = setTimeout(() => this.kick(), periodMs);
  }

  #looksForForeign(): boolean {
    return this.#needs.has('foreign') && this.#options.store.get().abilities.foreign === true;
  }

  /**
   * Beside the other readings, which do not wait for somebody else's emulator. What is found is told by events. The
   * selected one is asked for its state, which looks for the others, too.
   */
  async #lookForForeign(): Promise<void> {
    const {hypervisor, now} = this.#options;
    if (!this.#looksForForeign() || this.#isLookingForForeign || now() - this.#foreignAtMs < FOREIGN_AGE_MS) return;
    this.#isLookingForForeign = true;
    this.#foreignAtMs = now();
    const selected = selectedDomain(this.#options.store.get());
    try {
      if (selected && mayBeAsked(selected, now())) await hypervisor.domainLookup(selected.name);
      else await hypervisor.listForeignDomains();
    } catch {
      // What was found before stays on the screen; the next look may do better.
    } finally {
      this.#isLookingForForeign = false;
    }
  }

  #hasWork(): boolean {
    const state = this.#options.store.get();
    return state.jobs.size > 0 || (this.#needs.size > 0 && isAnyActive(state));
  }

  async #readStats(): Promise<Change> {
    const {store, hypervisor} = this.#options;
    const state = store.get();
    if (!this.#needs.has('stats') || state.abilities.stats !== true || !isAnyActive(state)) return NO_CHANGE;
    try {
      return applyStats(await hypervisor.domainStats());
    } catch {
      // A guest may die while it is read. That is told by an event; a reading that failed is shown as none.
      return applyStats([]);
    }
  }

  async #readDrift(): Promise<Change> {
    const {store, hypervisor} = this.#options;
    const state = store.get();
    if (!this.#needs.has('drift') || state.abilities.security !== true || !isAnyActive(state)) return NO_CHANGE;
    try {
      const readings = await hypervisor.domainDrift();
      return next =>
        applyDrift(
          next,
          readings.filter(({name}) => isRunning(next, name)),
        );
    } catch {
      return NO_CHANGE; // a guest may end while it is looked at: the next look tells
    }
  }

  async #readInstance(): Promise<Change> {
    const {store, hypervisor, now} = this.#options;
    const {abilities, instanceSecurity: before} = store.get();
    if (!this.#needs.has('security') || abilities.security !== true) return NO_CHANGE;
    if (before && now() - before.atMs < INSTANCE_AGE_MS) return NO_CHANGE;
    let reading: InstanceReading;
    try {
      reading = {is: 'read', security: await hypervisor.instanceSecurity(), atMs: now()};
    } catch (error) {
      reading = {is: 'failed', why: messageOf(error), atMs: now()};
    }
    return state => ({...state, instanceSecurity: reading});
  }

  async #readSecurity(): Promise<Change> {
    const {store, now} = this.#options;
    const state = store.get();
    if (!this.#needs.has('security') || state.abilities.security !== true) return NO_CHANGE;
    const due = state.domains.filter(domain => isActive(domain.state) && isDue(state, domain.name, now()));
    const readings = await Promise.all(due.map(domain => this.#readOneSecurity(domain.name)));
    return next => readings.reduce(applySecurity, next);
  }

  async #readOneSecurity(name: string): Promise<[string, SecurityReading]> {
    const {hypervisor, now} = this.#options;
    try {
      return [name, {is: 'read', report: await hypervisor.domainSecurity(name), atMs: now()}];
    } catch (error) {
      return [name, {is: 'failed', why: messageOf(error), atMs: now()}];
    }
  }

  async #readLog(): Promise<Change> {
    const {store, hypervisor} = this.#options;
    const domain = selectedDomain(store.get());
    if (!this.#needs.has('log') || !domain) return NO_CHANGE;
    let lines: readonly string[];
    try {
      lines = await hypervisor.domainLog(domain.name, {lines: LOG_LINES});
    } catch (error) {
      lines = [`(the log cannot be read: ${messageOf(error)})`];
    }
    return state => {
      const isSame = state.logs.get(domain.name)?.join('\n') === lines.join('\n');
      return isSame ? state : {...state, logs: withEntry(state.logs, domain.name, lines)};
    };
  }
}

/**
 * Whether a guest of others may be asked for its state, which is more than looking: a monitor that is free has room for one,
 * and who has just started an emulator is about to connect. A text monitor is left alone.
 */
function mayBeAsked({foreign, startedAtMs = 0}: DomainSummary, nowMs: number): boolean {
  return foreign?.protocol === 'qmp' && nowMs - startedAtMs >= FOREIGN_SETTLED_MS;
}

type Change = (state: AppState) => AppState;
const NO_CHANGE: Change = state => state;

function applyStats(readings: readonly DomainStats[]): Change {
  return state => {
    const usage = new Map<string, Usage>();
    for (const stats of readings) usage.set(stats.name, addReading(state.usage.get(stats.name), stats));
    return {...state, usage};
  };
}

/**
 * Whether the confinement of a guest is read in full: of the selected one at each look while the keys go to the pane, of any
 * when the short look finds something else than the last report.
 */
function isDue({security, view, drift}: AppState, name: string, nowMs: number): boolean {
  const before = security.get(name);
  const ageMs = name === view.selected ? SECURITY_AGE_MS : OTHERS_AGE_MS;
  if (!before || nowMs - before.atMs >= ageMs) return true;
  if (before.is === 'failed') return name === view.selected;
  if (name === view.selected && view.focus === 'security') return true;
  const words = (checks: readonly PartCheck[]) => checks.map(driftWords).join('\n');
  const reported = driftOf(before.report.checks).filter(check => !isOpenDevice(check));
  return words(drift.get(name) ?? []) !== words(reported);
}

function isRunning({domains}: AppState, name: string): boolean {
  return domains.some(domain => domain.name === name && isActive(domain.state));
}

function applySecurity(state: AppState, [name, reading]: [string, SecurityReading]): AppState {
  if (!isRunning(state, name)) return state;
  return {...state, security: withEntry(state.security, name, reading)};
}
