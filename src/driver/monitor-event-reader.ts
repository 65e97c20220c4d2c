import {type Disposable, DisposableStore} from '../base/disposable.ts';
import {messageOf} from '../base/virt-error.ts';
import type {DomainSummary, MonitorEvent} from '../model/hypervisor.ts';
import type {Domain} from './domain.ts';
import type {DomainTable} from './domain-table.ts';
import {type InstancePaths, userMonitorPath} from './instance-paths.ts';
import {socketDirectory} from './live-status.ts';
import {monitorEvent} from './monitor-event.ts';
import {connectUserMonitor} from './use-monitor.ts';

export interface MonitorEventReaderOptions {
  readonly paths: InstancePaths;
  /** Kept up to date by somebody else. */
  readonly table: DomainTable;
  readonly listener: (event: MonitorEvent) => void;
  /** The only domain that is listened to; else all. */
  readonly domain: Domain | undefined;
}

/**
 * Listens to the events of domains that another process runs: that process holds the driver's own monitors, so this one
 * connects to the second monitor of each run, for as long as it listens.
 */
export class MonitorEventReader implements Disposable {
  readonly #options: MonitorEventReaderOptions;
  readonly #owned = new DisposableStore();
  /** Number of the run that was connected to, or tried, by UUID: no run is tried twice. */
  readonly #runs = new Map<string, number>();

  private constructor(options: MonitorEventReaderOptions) {
    this.#options = options;
  }

  /** @throws {VirtError} RESOURCE_BUSY when the second monitor of the domain that was named is in use */
  static async open(options: MonitorEventReaderOptions): Promise<MonitorEventReader> {
    const reader = new MonitorEventReader(options);
    try {
      await reader.#begin();
      return reader;
    } catch (error) {
      reader.dispose();
      throw error;
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #begin(): Promise<void> {
    const {table, domain} = this.#options;
    this.#owned.add(
      table.onEvent(event => {
        if (event.type === 'changed') void this.#tryListen(event.domain); // never fails: it warns
      }),
    );
    if (domain) await this.#listen(domain.summary());
    else await Promise.all(table.all().map(one => this.#tryListen(one.summary())));
  }

  async #tryListen(domain: DomainSummary): Promise<void> {
    try {
      await this.#listen(domain);
    } catch (error) {
      const message = `no events of domain '${domain.name}': ${messageOf(error)}`;
      this.#options.table.emit({type: 'warning', domain: domain.name, message});
    }
  }

  async #listen({uuid, name, id}: DomainSummary): Promise<void> {
    const {paths, domain, listener} = this.#options;
    const isMeant = domain === undefined || domain.uuid === uuid;
    if (!isMeant || id < 0 || this.#runs.get(uuid) === id) return;
    this.#runs.set(uuid, id);
    const directory = socketDirectory(this.#options.table.byUuid(uuid)?.live ?? {uuid}, paths);
    const monitor = this.#owned.add(await connectUserMonitor(userMonitorPath(directory)));
    monitor.onEvent(event => listener(monitorEvent(name, event)));
  }
}
