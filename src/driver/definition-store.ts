import {readdir} from 'node:fs/promises';
import {formatProblem} from '../base/problem.ts';
import {errnoOf, fileError, readTextIfThere, removeFile, writeTextAtomically} from '../host/files.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {fileNameOf} from '../model/domain-path.ts';
import {formatDomain} from '../model/format-domain.ts';
import {parseDomain} from '../model/parse-domain.ts';

/** What parsing needs from outside. */
export interface DefaultsSource {
  readonly newUuid: () => string;
  readonly newMac: () => string;
  readonly defaultArch: string;
}

/** The definitions of an instance, one XML file each. */
export class DefinitionStore {
  readonly #dir: string;
  readonly #defaults: DefaultsSource;

  constructor(dir: string, defaults: DefaultsSource) {
    this.#dir = dir;
    this.#defaults = defaults;
  }

  /**
   * Reads all definitions.
   *
   * @returns those that can be read, sorted by name, and a sentence for each that cannot
   * @throws {VirtError} SYSTEM_ERROR when the directory cannot be read
   */
  async load(): Promise<{readonly defs: readonly DomainDef[]; readonly failures: readonly string[]}> {
    const defs: DomainDef[] = [];
    const failures: string[] = [];
    for (const file of await this.#files()) {
      const path = `${this.#dir}/${file}`;
      const text = await readTextIfThere(path);
      if (text === undefined) continue; // undefined by another process meanwhile
      const {def, problems} = parseDomain(text, this.#defaults);
      if (def) defs.push(def);
      else
        failures.push(
          `cannot read the definition ${path}: ${problems
            .filter(p => p.severity === 'error')
            .map(formatProblem)
            .join('; ')}`,
        );
    }
    return {defs: defs.sort((a, b) => (a.name < b.name ? -1 : 1)), failures};
  }

  /** @throws {VirtError} SYSTEM_ERROR; the definition before is then untouched */
  async save(def: DomainDef): Promise<void> {
    await writeTextAtomically(this.#pathOf(def.name), formatDomain(def));
  }

  async remove(name: string): Promise<void> {
    await removeFile(this.#pathOf(name));
  }

  #pathOf(name: string): string {
    return `${this.#dir}/${fileNameOf(name)}.xml`;
  }

  async #files(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#dir)).filter(file => file.endsWith('.xml')).sort();
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw fileError('read the definitions in', this.#dir, error);
    }
  }
}
