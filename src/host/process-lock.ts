import {linkSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {errnoOf, fileError} from './files.ts';
import {isAlive, type ProcessIdentity, readProcess} from './proc.ts';

/** Who holds a lock, with what was said about it. */
export interface LockHolder extends ProcessIdentity {
  /** Values of the holder's own, e.g. its user. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * A right that one process has at a time, as a file with its pid and start time: it ends with the process, however that ends.
 * For things that take no time: everything here is synchronous.
 */
export class ProcessLock {
  readonly #path: string;
  readonly #tried: string;
  readonly #hint: string | undefined;
  /** Of the file that this process has put there. */
  #taken: string | undefined;

  /** @param tried  what a failure says after "cannot", before the path */
  constructor(path: string, {tried = 'take the lock', hint}: {readonly tried?: string; readonly hint?: string} = {}) {
    this.#path = path;
    this.#tried = tried;
    this.#hint = hint;
  }

  /** The process that holds it, this one included; undefined when nobody does, or its holder is gone. */
  get holder(): LockHolder | undefined {
    const holder = this.#read();
    return holder && isAlive(holder) ? holder : undefined;
  }

  /** Whether this process holds it. It is asked for every key, and so the file is not read. */
  get isMine(): boolean {
    return this.#taken !== undefined && this.#taken === fileMark(this.#path);
  }

  /**
   * Takes it where it is free, or in any case.
   *
   * @param again  false also refuses where this process holds it by another object
   * @returns the process that holds it instead; undefined when it is taken
   * @throws {VirtError} SYSTEM_ERROR when the file cannot be written
   */
  take(
    facts: LockHolder['facts'],
    {force = false, again = true}: {readonly force?: boolean; readonly again?: boolean} = {},
  ): LockHolder | undefined {
    const self = readProcess(process.pid);
    if (!self) throw new Error('no /proc/self/stat');
    const mine = `${this.#path}.${self.pid}`;
    try {
      writeFileSync(mine, JSON.stringify({pid: self.pid, startTicks: self.startTicks, facts}), {mode: 0o600});
      for (;;) {
        if (linkIfFree(mine, this.#path)) {
          this.#taken = fileMark(mine);
          return undefined;
        }
        const {holder} = this;
        if (holder && !(again && holder.pid === self.pid) && !force) return holder;
        rmSync(this.#path, {force: true});
      }
    } catch (error) {
      throw fileError(this.#tried, this.#path, error, this.#hint);
    } finally {
      rmSync(mine, {force: true});
    }
  }

  /** Gives it back, if it is this process's. */
  release(): void {
    if (this.isMine) rmSync(this.#path, {force: true});
  }

  #read(): LockHolder | undefined {
    try {
      const {pid, startTicks, facts} = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<LockHolder>;
      if (typeof pid !== 'number' || typeof startTicks !== 'number') return undefined;
      return {pid, startTicks, facts: facts ?? {}};
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
      throw fileError('read', this.#path, error);
    }
  }
}

/** The same for the same file only, which is written once; undefined where there is none. */
function fileMark(path: string): string | undefined {
  const stat = statSync(path, {throwIfNoEntry: false});
  return stat && `${stat.dev} ${stat.ino} ${stat.mtimeMs}`;
}

function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}
