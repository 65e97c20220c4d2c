import {messageOf} from '../../base/virt-error.ts';
import type {FileIdentity} from '../../host/file-identity.ts';
import {processorCount} from '../../host/host-facts.ts';
import type {EmulatorInfo} from '../../model/capabilities.ts';
import {EmulatorCache} from './emulator-cache.ts';
import {TaskLimit} from './task-limit.ts';

/** A program as it is now. */
export interface Program {
  readonly file: FileIdentity;
  /** All that its answers depend on. */
  readonly stamp: string;
}

/** What of the cache is taken for granted: answers, and also that a program does not answer. */
export type Trust = 'all' | 'answers' | 'nothing';

export interface KnowledgeOptions {
  readonly cacheDir: string;
  readonly probeTimeoutMs?: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Told what is wrong with the cache: it never stands in the way of an emulator. */
  readonly onWarning: (message: string) => void;
}

/** What emulators can do: as they answered before, or as they answer now, so many at a time as there are processors. */
export class EmulatorKnowledge {
  readonly #options: KnowledgeOptions;
  readonly #cache: EmulatorCache;
  readonly #limit = new TaskLimit(processorCount());

  constructor(options: KnowledgeOptions) {
    this.#options = options;
    this.#cache = new EmulatorCache(options.cacheDir);
  }

  /** What is known without asking it; undefined where it has to be asked. */
  recall(path: string, {file, stamp}: Program, trusts: Trust): EmulatorInfo | undefined {
    if (trusts === 'nothing') return undefined;
    try {
      const known = this.#cache.read(file.realPath, stamp);
      if (known !== undefined) return {path, status: 'ok', ...known};
      const why = trusts === 'all' ? this.#cache.readSilence(file.realPath, stamp, this.#options.now()) : undefined;
      return why === undefined ? undefined : {path, status: 'failed', why, timedOut: true};
    } catch (error) {
      this.#warn(error);
      return undefined;
    }
  }

  /** Asks it, when its turn comes, and keeps the answer. It never fails. */
  learn(path: string, program: Program): Promise<EmulatorInfo> {
    return this.#limit.run(() => this.#ask(path, program));
  }

  async #ask(path: string, {file, stamp}: Program): Promise<EmulatorInfo> {
    const {probeTimeoutMs, signal, now} = this.#options;
    const {probeEmulator} = await import('./probe.ts'); // and all that it needs, where something is not known
    const limits = {signal, ...(probeTimeoutMs === undefined ? {} : {timeoutMs: probeTimeoutMs})};
    const result = await probeEmulator(path, limits);
    try {
      if (result.status === 'ok') {
        return {path, status: 'ok', ...(await this.#cache.write(file.realPath, stamp, result.caps, now()))};
      }
      if (result.timedOut) await this.#cache.writeSilence(file.realPath, stamp, result.why, now());
      return result;
    } catch (error) {
      this.#warn(error);
      return result;
    }
  }

  #warn(error: unknown): void {
    this.#options.onWarning(`the capability cache is not used: ${messageOf(error)}`);
  }
}
