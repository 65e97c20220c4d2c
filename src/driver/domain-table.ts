import type {Disposable} from '../base/disposable.ts';
import {Emitter} from '../base/emitter.ts';
import {VirtError} from '../base/virt-error.ts';
import {readTextIfThere, removeFile, writeTextAtomically} from '../host/files.ts';
import type {DomainEvent, MonitorEvent} from '../model/hypervisor.ts';
import {Domain} from './domain.ts';
import type {EndReport} from './domain-end.ts';
import type {InstancePaths} from './instance-paths.ts';
import {decodeEndedStatus, type EndedStatus, STATUS_FORMAT} from './live-status.ts';
import {monitorEvent} from './monitor-event.ts';
import type {RunningDomain} from './running-domain.ts';

/** The domains of an instance, and the one place where their events are made. */
export class DomainTable {
  readonly #paths: InstancePaths;
  readonly #now: () => number;
  readonly #domains = new Map<string, Domain>();
  /** Of guests that others started, by name. */
  readonly #foreign = new Map<string, Domain>();
  readonly #eventEmitter = new Emitter<DomainEvent>();
  readonly #runChangeEmitter = new Emitter<Domain>();
  readonly #monitorEmitter = new Emitter<MonitorEvent>();
  #saving: Promise<void> = Promise.resolve();

  constructor(paths: InstancePaths, now: () => number) {
    this.#paths = paths;
    this.#now = now;
  }

  onEvent(listener: (event: DomainEvent) => void): Disposable {
    return this.#eventEmitter.on(listener);
  }

  /** A run of the domain began or ended. */
  onRunChange(listener: (domain: Domain) => void): Disposable {
    return this.#runChangeEmitter.on(listener);
  }

  /** A message of the emulator of a run that is this process's own. */
  onMonitorEvent(listener: (event: MonitorEvent) => void): Disposable {
    return this.#monitorEmitter.on(listener);
  }

  emit(event: DomainEvent): void {
    this.#eventEmitter.emit(event);
  }

  /** Sorted by name. */
  all(): readonly Domain[] {
    return [...this.#domains.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Guests that others started, as the last look found them; sorted by name. */
  foreign(): readonly Domain[] {
    return [...this.#foreign.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  hasForeign(domain: Domain): boolean {
    return this.#foreign.get(domain.name) === domain;
  }

  /** One of the instance's own. */
  findOwn(nameOrUuid: string): Domain | undefined {
    return this.#domains.get(nameOrUuid.toLowerCase()) ?? this.byName(nameOrUuid);
  }

  /** @throws {VirtError} NO_DOMAIN when there is none of that name or UUID */
  find(nameOrUuid: string): Domain {
    const domain = this.findOwn(nameOrUuid) ?? this.#foreign.get(nameOrUuid);
    if (domain) return domain;
    throw new VirtError(
      'NO_DOMAIN',
      'QEMU',
      `failed to get domain '${nameOrUuid}': there is none of that name or UUID`,
      {
        hint: 'virtty list --all shows the domains there are',
      },
    );
  }

  byName(name: string): Domain | undefined {
    return this.all().find(domain => domain.name === name);
  }

  byUuid(uuid: string): Domain | undefined {
    return this.#domains.get(uuid);
  }

  add(domain: Domain): void {
    this.#domains.set(domain.uuid, domain);
  }

  /** Tells of a guest of others that is new or different. */
  foreignChanged(domain: Domain): void {
    this.#foreign.set(domain.name, domain);
    this.emit({type: 'changed', domain: domain.summary()});
  }

  /** A guest of others is gone, or has become this instance's. */
  foreignGone(domain: Domain): void {
    if (!this.#foreign.delete(domain.name)) return;
    domain.parts.observed = undefined;
    this.runChanged(domain);
    this.emit({type: 'removed', name: domain.name});
  }

  /** Tells of a domain as it is now; one of which nothing is left is removed. */
  changed(domain: Domain): void {
    if (domain.exists) {
      this.emit({type: 'changed', domain: domain.summary()});
      return;
    }
    this.#domains.delete(domain.uuid);
    this.emit({type: 'removed', name: domain.name});
  }

  /** Tells that a run of the domain began or ended. */
  runChanged(domain: Domain): void {
    this.#runChangeEmitter.emit(domain);
  }

  /** Takes over a run: from now on its changes and its end are the domain's. */
  adopt(domain: Domain, run: RunningDomain): void {
    domain.parts.running = run;
    domain.parts.ended = undefined;
    run.onMonitorEvent(event => this.#monitorEmitter.emit(monitorEvent(domain.name, event)));
    run.onChanged(() => this.changed(domain));
    run.onEnded(report => this.#handleEnd(domain, run, report));
    this.runChanged(domain);
  }

  /** A start that failed after all. */
  abandon(domain: Domain): void {
    domain.parts.running = undefined;
    this.runChanged(domain);
  }

  /** Notes how a domain ended, for whoever looks later. */
  recordEnd(domain: Domain, report: EndReport): void {
    const ended: EndedStatus = {
      format: STATUS_FORMAT,
      state: report.state,
      atMs: this.#now(),
      lastWords: report.lastWords,
    };
    domain.parts.ended = ended;
    const path = this.#endedPath(domain.uuid);
    // A domain without a definition is gone with its run: nobody can look.
    if (domain.parts.def === undefined) this.forgetEnd(domain);
    else this.#save(domain, () => writeTextAtomically(path, JSON.stringify(ended), {sync: false}));
  }

  /** Removes what was noted of a domain's end, as the domain goes. */
  forgetEnd(domain: Domain): void {
    this.#save(domain, () => removeFile(this.#endedPath(domain.uuid)));
  }

  #save(domain: Domain, write: () => Promise<void>): void {
    this.#saving = this.#saving
      .then(write)
      .catch((error: Error) => this.emit({type: 'warning', domain: domain.name, message: error.message}));
  }

  async loadEnd(domain: Domain): Promise<void> {
    const text = await readTextIfThere(this.#endedPath(domain.uuid));
    domain.parts.ended = text === undefined ? undefined : decodeEndedStatus(text);
  }

  /** Waits until everything that was noted is on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.all().map(domain => domain.parts.running?.settled()));
    await this.#saving;
  }

  dispose(): void {
    for (const domain of this.#domains.values()) domain.parts.running?.dispose();
  }

  #handleEnd(domain: Domain, run: RunningDomain, report: EndReport): void {
    if (domain.parts.running !== run) return;
    domain.parts.running = undefined;
    this.recordEnd(domain, report);
    this.runChanged(domain);
    this.changed(domain);
  }

  #endedPath(uuid: string): string {
    return `${this.#paths.lib}/${uuid}.json`;
  }
}

/** A domain that was defined or found running. */
export function newDomain(identity: {readonly uuid: string; readonly name: string}): Domain {
  return new Domain(identity, {});
}
