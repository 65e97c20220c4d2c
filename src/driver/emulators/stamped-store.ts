import {VirtError} from '../../base/virt-error.ts';
import {ensurePrivateDir, readTextNow, removeFile, writeTextAtomically} from '../../host/files.ts';
import {asString, formatQmpJson, isQmpObject, parseQmpJson, type QmpValue} from '../../monitor/qmp-json.ts';

/** A value, and what it was made from. */
export interface Stamped<T> {
  readonly stamp: string;
  readonly value: T;
}

/** Values in a directory of the cache, one file for each, so that two programs never overwrite each other's. */
export class StampedStore<T> {
  readonly #directory: string;
  readonly #decode: (value: QmpValue) => T;

  /** @param decode  throws a VirtError for what it cannot read */
  constructor(directory: string, decode: (value: QmpValue) => T) {
    this.#directory = directory;
    this.#decode = decode;
  }

  /**
   * What is stored for a file; undefined when nothing is. What cannot be understood is removed: it is only a cache.
   * Read at once: who asks for thirty does not wait for each of them.
   *
   * @throws {VirtError} SYSTEM_ERROR when it is there and cannot be read or removed
   */
  read(path: string): Stamped<T> | undefined {
    const file = this.#fileOf(path);
    const text = readTextNow(file);
    if (text === undefined) return undefined;
    const entry = this.#decodeText(text);
    if (entry === undefined) void removeFile(file).catch(() => {}); // read again, and not understood again, next time
    return entry;
  }

  /** @throws {VirtError} SYSTEM_ERROR when the directory cannot be written */
  async write(path: string, stamp: string, value: QmpValue): Promise<void> {
    await ensurePrivateDir(this.#directory);
    await writeTextAtomically(this.#fileOf(path), formatQmpJson({stamp, value}), {sync: false});
  }

  /** One name for each path: `/` is written `-`, and what could be confused with it is escaped. */
  #fileOf(path: string): string {
    return `${this.#directory}/${encodeURIComponent(path).replaceAll('-', '%2D').replaceAll('%2F', '-')}.json`;
  }

  #decodeText(text: string): Stamped<T> | undefined {
    try {
      const entry = parseQmpJson(text);
      const stamp = isQmpObject(entry) ? asString(entry.stamp) : undefined;
      if (!isQmpObject(entry) || stamp === undefined || entry.value === undefined) return undefined;
      return {stamp, value: this.#decode(entry.value)};
    } catch (error) {
      if (error instanceof VirtError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
