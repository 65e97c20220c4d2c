import type {Disposable} from '../base/disposable.ts';
import {errnoOf} from '../host/files.ts';
import {watchPath} from '../host/watch-path.ts';
import type {Domain} from './domain.ts';
import type {DomainTable} from './domain-table.ts';
import type {InstancePaths} from './instance-paths.ts';

export interface FollowOptions {
  readonly paths: InstancePaths;
  /** What is shown; brought up to date. */
  readonly table: DomainTable;
  /** Reads the instance anew. @throws {VirtError} as opening it */
  readonly load: () => Promise<DomainTable>;
}

/**
 * Keeps a reader's table true while another process owns the instance: whenever the owner writes a definition, a status
 * or how a domain ended, all of it is read again, and what is different is told.
 */
export class InstanceFollower implements Disposable {
  readonly #options: FollowOptions;
  readonly #watchers: Disposable[] = [];
  #reading = false;
  #isStale = false;
  #disposed = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    const {definitions, run, lib} = options.paths;
    for (const directory of [definitions, run, lib]) this.#watch(directory);
  }

  dispose(): void {
    this.#disposed = true;
    for (const watcher of this.#watchers) watcher.dispose();
  }

  #watch(directory: string): void {
    try {
      this.#watchers.push(watchPath(directory, () => this.#handleChange(), {recursive: true}));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error; // there is nothing in it yet
    }
  }

  #handleChange(): void {
    this.#isStale = true;
    if (!this.#reading) void this.#read(); // ends by itself; a failure is told as a warning
  }

  async #read(): Promise<void> {
    const {table, load} = this.#options;
    this.#reading = true;
    try {
      while (this.#isStale && !this.#disposed) {
        this.#isStale = false;
        bringUpToDate(table, await load());
      }
    } catch (error) {
      table.emit({type: 'warning', message: `what is shown may be old: ${String(error)}`});
    } finally {
      this.#reading = false;
    }
  }
}

/** Gives each domain the parts that were read, and tells those that changed, are new, or are gone. */
function bringUpToDate(table: DomainTable, read: DomainTable): void {
  for (const domain of table.all()) {
    if (!read.byUuid(domain.uuid)) update(domain, {}, table);
  }
  for (const fresh of read.all()) {
    const known = table.byUuid(fresh.uuid);
    if (known) update(known, fresh.parts, table);
    else {
      table.add(fresh);
      table.changed(fresh);
    }
  }
}

function update(domain: Domain, {def, observed, ended}: Domain['parts'], table: DomainTable): void {
  const before = summaryText(domain);
  const runBefore = domain.live?.id;
  Object.assign(domain.parts, {def, observed, ended});
  if (domain.live?.id !== runBefore) table.runChanged(domain);
  if (!domain.exists || summaryText(domain) !== before) table.changed(domain);
}

function summaryText(domain: Domain): string {
  return JSON.stringify(domain.summary(), (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
