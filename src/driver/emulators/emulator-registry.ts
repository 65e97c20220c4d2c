import type {Disposable} from '../../base/disposable.ts';
import {Emitter} from '../../base/emitter.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {type FileIdentity, inspectProgram} from '../../host/file-identity.ts';
import {processorCount, readFact, systemNames} from '../../host/host-facts.ts';
import type {EmulatorCaps, EmulatorInfo, KvmStatus} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {emulatorNames} from '../../model/emulator-arch.ts';
import {readKvmStatus} from '../host-info/read-host-info.ts';
import {isFor, noEmulatorError, rankForArch} from './choose-emulator.ts';
import {EmulatorCache} from './emulator-cache.ts';
import {checkAcceleration, checkExplicitEmulator, unusable} from './emulator-checks.ts';
import {DEFAULT_SEARCH_DIRS, findEmulators, knownPaths} from './find-emulators.ts';
import {installHint} from './install-hint.ts';
import {type ProbeResult, probeEmulator} from './probe.ts';
import {TaskLimit} from './task-limit.ts';

export interface EmulatorRegistryOptions {
  /** For what emulators answered; made when needed. */
  readonly cacheDir: string;
  /** Instead of the default ones. */
  readonly searchDirs?: readonly string[];
  readonly probeTimeoutMs?: number;
  /** Told what is wrong with the cache: it never stands in the way of an emulator. */
  readonly onWarning?: (message: string) => void;
  readonly readKvm?: () => Promise<KvmStatus>;
}

/** The emulator that a domain runs on. */
export interface ChosenEmulator {
  readonly path: string;
  readonly caps: EmulatorCaps;
}

/** An emulator and what is known of it; `info` is replaced once, when `ready` settles. */
interface Entry {
  readonly path: string;
  names: readonly string[];
  readonly file?: FileIdentity;
  readonly ready: Promise<EmulatorInfo>;
  info: EmulatorInfo;
}

/**
 * The emulators of this host. Nothing is looked for before the first call that needs it;
 * probes run in parallel, as many as there are processors, and whoever needs one emulator waits for that one only.
 */
export class EmulatorRegistry implements Disposable {
  /** The directories that are searched. */
  readonly searched: readonly string[];
  readonly #options: EmulatorRegistryOptions;
  readonly #cache: EmulatorCache;
  readonly #limit = new TaskLimit(processorCount());
  readonly #changedEmitter = new Emitter<readonly EmulatorInfo[]>();
  readonly #abort = new AbortController();
  #entries = new Map<string, Entry>();
  #found: Promise<void> | undefined;

  constructor(options: EmulatorRegistryOptions) {
    this.#options = options;
    this.searched = options.searchDirs ?? DEFAULT_SEARCH_DIRS;
    this.#cache = new EmulatorCache(options.cacheDir);
  }

  /** What is known now, sorted by path; empty until the directories have been read for the first time. */
  known(): readonly EmulatorInfo[] {
    return [...this.#entries.values()].map(entry => entry.info).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Tells all that is known whenever some of it has changed. */
  onChanged(listener: (emulators: readonly EmulatorInfo[]) => void): Disposable {
    return this.#changedEmitter.on(listener);
  }

  /** Reads the directories, if that has not been done: afterwards `known` names every emulator, most of them `probing`. */
  async find(): Promise<void> {
    this.#found ??= this.#find();
    await this.#found;
  }

  /**
   * Looks at the directories again, probes what is new or has changed or failed before, and waits for all of it.
   *
   * @param signal  ends the waiting; the probes go on
   * @throws {VirtError} OPERATION_ABORTED by the signal
   */
  async refresh(signal?: AbortSignal): Promise<readonly EmulatorInfo[]> {
    this.#found = this.#find();
    const all = this.#found.then(() => Promise.all([...this.#entries.values()].map(entry => entry.ready)));
    await (signal ? Promise.race([all, rejectWhenAborted(signal)]) : all);
    return this.known();
  }

  /**
   * The emulator for a domain: the one that it names, else the first one that runs its architecture.
   *
   * @throws {VirtError} CONFIG_UNSUPPORTED naming every path looked at and what to install, or why KVM cannot be used
   */
  async forDomain(def: DomainDef): Promise<ChosenEmulator> {
    const chosen = def.emulator === undefined ? await this.#choose(def) : await this.#explicit(def, def.emulator);
    if (def.type === 'kvm') {
      const readKvm = this.#options.readKvm ?? readKvmStatus;
      checkAcceleration(def, chosen.path, chosen.caps, await readKvm());
    }
    return chosen;
  }

  /** The emulator that is taken for guests of an architecture; undefined when nothing here runs them. */
  async forArch(arch: string): Promise<ChosenEmulator | undefined> {
    await this.find();
    for (const entry of rankForArch([...this.#entries.values()], arch)) {
      const info = await (await this.#upToDate(entry)).ready;
      if (info.status === 'ok' && isFor(info, arch)) return {path: info.path, caps: info.caps};
    }
    return undefined;
  }

  /** What the program at a path is, which need not be one that is looked for. */
  async at(path: string): Promise<EmulatorInfo | 'missing'> {
    const program = await inspectProgram(path);
    if (program.is === 'missing') return 'missing';
    if (program.is === 'not executable') return {path, status: 'failed', why: `it ${program.why}`};
    const same = [...this.#entries.values()].find(entry => entry.file?.realPath === program.realPath);
    const entry =
      same && isSameFile(same.file, program) ? same : this.#add(same?.path ?? path, same?.names ?? [path], program);
    return {...(await entry.ready), path};
  }

  /** Ends the probes under way. */
  dispose(): void {
    this.#abort.abort();
  }

  async #choose(def: DomainDef): Promise<ChosenEmulator> {
    const chosen = await this.forArch(def.os.arch);
    if (chosen) return chosen;
    const usual = this.searched.flatMap(dir => emulatorNames(def.os.arch).map(name => `${dir}/${name}`));
    throw noEmulatorError({
      def,
      looked: [...usual, ...knownPaths(this.searched)],
      known: this.known(),
      hint: installHint(def.os.arch, (await readFact('/etc/os-release')) ?? ''),
    });
  }

  async #explicit(def: DomainDef, path: string): Promise<ChosenEmulator> {
    const info = await this.at(path);
    if (info === 'missing') throw unusable(def, path, 'there is no such file');
    return {path, caps: checkExplicitEmulator(def, path, info)};
  }

  /** The entry, or a new one where the file has been replaced meanwhile. */
  async #upToDate(entry: Entry): Promise<Entry> {
    const program = await inspectProgram(entry.path);
    if (program.is !== 'executable' || isSameFile(entry.file, program)) return entry;
    return this.#add(entry.path, entry.names, program);
  }

  async #find(): Promise<void> {
    const found = await findEmulators(this.searched);
    const before = this.#entries;
    this.#entries = new Map();
    // The host's own architecture first: it is what is most likely waited for.
    for (const emulator of rankForArch(found, systemNames().machine)) {
      const {path, names} = emulator;
      const known = before.get(path);
      if ('why' in emulator) this.#entries.set(path, brokenEntry(path, names, emulator.why));
      else if (known && known.info.status !== 'failed' && isSameFile(known.file, emulator.file)) {
        known.names = names;
        this.#entries.set(path, known);
      } else this.#add(path, names, emulator.file);
    }
    this.#changedEmitter.emit(this.known());
  }

  #add(path: string, names: readonly string[], file: FileIdentity): Entry {
    const ready = this.#learn(path, file);
    const entry: Entry = {path, names, file, ready, info: {path, status: 'probing'}};
    this.#entries.set(path, entry);
    void ready.then(info => {
      entry.info = info;
      if (this.#entries.get(path) === entry) this.#changedEmitter.emit(this.known());
    }); // `ready` never fails
    return entry;
  }

  async #learn(path: string, file: FileIdentity): Promise<EmulatorInfo> {
    // The turn is taken before anything is read: whoever is asked for first is also answered first.
    return this.#limit.run(async () => {
      const caps = await this.#unlessCacheFails(() => this.#cache.read(file));
      if (caps !== undefined) return {path, status: 'ok', caps};
      const result = await this.#probe(path);
      if (result.status === 'ok') await this.#unlessCacheFails(() => this.#cache.write(file, result.caps));
      return result;
    });
  }

  #probe(path: string): Promise<ProbeResult> {
    const {probeTimeoutMs} = this.#options;
    const {signal} = this.#abort;
    return probeEmulator(path, {signal, ...(probeTimeoutMs === undefined ? {} : {timeoutMs: probeTimeoutMs})});
  }

  async #unlessCacheFails<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await use();
    } catch (error) {
      this.#options.onWarning?.(`the capability cache is not used: ${messageOf(error)}`);
      return undefined;
    }
  }
}

function brokenEntry(path: string, names: readonly string[], why: string): Entry {
  const info: EmulatorInfo = {path, status: 'failed', why};
  return {path, names, info, ready: Promise.resolve(info)};
}

function isSameFile(a: FileIdentity | undefined, b: FileIdentity): boolean {
  if (a === undefined) return false;
  return a.realPath === b.realPath && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  const error = () => new VirtError('OPERATION_ABORTED', 'QEMU', 'waiting for the emulators was given up');
  if (signal.aborted) return Promise.reject(error());
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(error()), {once: true}));
}
