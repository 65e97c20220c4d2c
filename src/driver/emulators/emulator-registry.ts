import type {Disposable} from '../../base/disposable.ts';
import {Emitter} from '../../base/emitter.ts';
import {VirtError} from '../../base/virt-error.ts';
import {type FileIdentity, inspectProgram} from '../../host/file-identity.ts';
import {readFact, systemNames} from '../../host/host-facts.ts';
import type {EmulatorCaps, EmulatorInfo, KvmStatus} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {emulatorNames, processorRuns} from '../../model/emulator-arch.ts';
import {readKvmStatus} from '../host-info/read-host-info.ts';
import {isFor, noEmulatorError, rankForArch} from './choose-emulator.ts';
import {checkAcceleration, checkExplicitEmulator, needsKvm, unusable, withoutKvm} from './emulator-checks.ts';
import {EmulatorKnowledge, type Program, type Trust} from './emulator-knowledge.ts';
import {DEFAULT_SEARCH_DIRS, findEmulators, inOrderOf, knownPaths} from './find-emulators.ts';
import {installHint} from './install-hint.ts';
import {KvmTrial} from './kvm/kvm-trial.ts';
import {type KvmVisit, withKvm} from './kvm/kvm-visit.ts';
import {programStamp, readModulesStamp} from './program-stamp.ts';

export interface EmulatorRegistryOptions {
  /** For what emulators answered; made when needed. */
  readonly cacheDir: string;
  /** Instead of the default ones. */
  readonly searchDirs?: readonly string[];
  readonly probeTimeoutMs?: number;
  /** Told what is wrong with the cache: it never stands in the way of an emulator. */
  readonly onWarning?: (message: string) => void;
  /** Instead of opening /dev/kvm. */
  readonly readKvm?: () => Promise<KvmStatus>;
  /** False where no guest is going to run: KVM is then taken for what it says. */
  readonly triesKvm?: boolean;
  readonly now?: () => number;
}

/** The emulator that a domain runs on. */
export interface ChosenEmulator {
  readonly path: string;
  readonly caps: EmulatorCaps;
}

/** An emulator and what is known of it; `info` is replaced when `ready` settles, and when KVM has been tried with it. */
interface Entry {
  readonly path: string;
  names: readonly string[];
  readonly program?: Program;
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
  readonly #knowledge: EmulatorKnowledge;
  readonly #changedEmitter = new Emitter<readonly EmulatorInfo[]>();
  readonly #abort = new AbortController();
  readonly #kvmTrial: KvmTrial;
  #entries = new Map<string, Entry>();
  #modules: string | undefined;
  #found: Promise<void> | undefined;

  constructor(options: EmulatorRegistryOptions) {
    this.searched = options.searchDirs ?? DEFAULT_SEARCH_DIRS;
    const {cacheDir, probeTimeoutMs, now = Date.now} = options;
    const onWarning = (message: string) => options.onWarning?.(message);
    const shared = {cacheDir, onWarning, signal: this.#abort.signal};
    this.#knowledge = new EmulatorKnowledge({
      ...shared,
      now,
      ...(probeTimeoutMs === undefined ? {} : {probeTimeoutMs}),
    });
    this.#kvmTrial = new KvmTrial({
      ...shared,
      readDevice: options.readKvm ?? readKvmStatus,
      tries: options.triesKvm ?? true,
    });
  }

  /** What is known now, in the order of the directories searched; empty until they have been read for the first time. */
  known(): readonly EmulatorInfo[] {
    return inOrderOf(
      this.searched,
      [...this.#entries.values()].map(({info}) => info),
    );
  }

  /** What is known of KVM on this host; undefined before it has been looked at. */
  get kvm(): KvmStatus | undefined {
    return this.#kvmTrial.status;
  }

  /** Tells all that is known whenever some of it has changed. */
  onChanged(listener: (emulators: readonly EmulatorInfo[]) => void): Disposable {
    return this.#changedEmitter.on(listener);
  }

  /** Reads the directories, if that has not been done: afterwards `known` names every emulator, most of them `probing`. */
  async find(): Promise<void> {
    this.#found ??= this.#find(false);
    await this.#found;
  }

  /**
   * Looks at the directories again, probes what is new or has changed or failed before, tries KVM, and waits for all of it.
   *
   * @param options.signal  ends the waiting; the probes go on
   * @param options.anew  probes also what is known
   * @throws {VirtError} OPERATION_ABORTED by the signal
   */
  async refresh(
    options: {readonly signal?: AbortSignal; readonly anew?: boolean} = {},
  ): Promise<readonly EmulatorInfo[]> {
    const {signal, anew = false} = options;
    this.#found = this.#find(anew);
    const all = this.#found.then(() => this.#complete(anew));
    await (signal ? Promise.race([all, rejectWhenAborted(signal)]) : all);
    return this.known();
  }

  /**
   * The emulator for a domain: the one that it names, else the first one that runs its guests.
   *
   * @throws {VirtError} CONFIG_UNSUPPORTED naming every path looked at and what to install, or why KVM cannot be used
   */
  async forDomain(def: DomainDef): Promise<ChosenEmulator> {
    const chosen = def.emulator === undefined ? await this.#choose(def) : await this.#explicit(def, def.emulator);
    if (needsKvm(def)) checkAcceleration(def, await this.#kvmWith(chosen));
    return chosen;
  }

  /** The emulator that is taken for guests of an architecture; undefined when nothing here runs them. */
  async forArch(arch: string, osType: 'hvm' | 'xen' = 'hvm'): Promise<ChosenEmulator | undefined> {
    await this.find();
    for (const entry of rankForArch([...this.#entries.values()], arch)) {
      const info = await this.#upToDate(entry).ready;
      if (info.status === 'ok' && isFor(info, arch, osType)) return {path: info.path, caps: info.caps};
    }
    return undefined;
  }

  /** What the program at a path is, which need not be one that is looked for. */
  async at(path: string): Promise<EmulatorInfo | 'missing'> {
    const found = inspectProgram(path);
    if (found.is === 'missing') return 'missing';
    if (found.is === 'not executable') return {path, status: 'failed', why: `it ${found.why}`};
    this.#modules ??= await readModulesStamp();
    const program = this.#programOf(found);
    const same = [...this.#entries.values()].find(entry => entry.program?.file.realPath === found.realPath);
    const isKnown = same?.program?.stamp === program.stamp && same.info.status !== 'failed';
    const entry = same && isKnown ? same : this.#add(same?.path ?? path, same?.names ?? [path], program, 'answers');
    return {...(await entry.ready), path};
  }

  /** Ends the probes under way. */
  dispose(): void {
    this.#abort.abort();
  }

  async #choose(def: DomainDef): Promise<ChosenEmulator> {
    const chosen = await this.forArch(def.os.arch, def.os.type);
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

  async #kvmWith({path, caps}: ChosenEmulator): Promise<KvmStatus> {
    if (!caps.kvmBuiltIn) return withoutKvm(path);
    const found = inspectProgram(path);
    if (found.is !== 'executable') return {usable: false, why: `the emulator '${path}' is gone`};
    return this.#kvmTrial.statusWith({path, caps, realPath: found.realPath, stamp: this.#programOf(found).stamp});
  }

  /** The entry, or a new one where the file has been replaced meanwhile. */
  #upToDate(entry: Entry): Entry {
    const found = inspectProgram(entry.path);
    if (found.is !== 'executable') return entry;
    const program = this.#programOf(found);
    return entry.program?.stamp === program.stamp ? entry : this.#add(entry.path, entry.names, program, 'answers');
  }

  #programOf(file: FileIdentity): Program {
    return {file, stamp: programStamp(file, this.#modules ?? '')};
  }

  async #find(anew: boolean): Promise<void> {
    const [found, modules] = await Promise.all([findEmulators(this.searched), readModulesStamp()]);
    this.#modules = modules;
    const before = this.#entries;
    this.#entries = new Map();
    // The host's own architecture first: it is what is most likely waited for.
    for (const emulator of rankForArch(found, systemNames().machine)) {
      const {path, names} = emulator;
      if ('why' in emulator) {
        this.#entries.set(path, brokenEntry(path, names, emulator.why));
        continue;
      }
      const known = before.get(path);
      const program = this.#programOf(emulator.file);
      // What is being asked just now is asked anew already.
      const isGood = known?.info.status === 'probing' || (known?.info.status === 'ok' && !anew);
      if (known && isGood && known.program?.stamp === program.stamp) {
        known.names = names;
        this.#entries.set(path, known);
      } else this.#add(path, names, program, anew ? 'nothing' : 'all');
    }
    this.#changedEmitter.emit(this.known());
  }

  /** Waits for all probes, then tries KVM with what they have found. */
  async #complete(retry: boolean): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ready}) => ready));
    const host = systemNames().machine;
    const able = rankForArch([...this.#entries.values()], host).flatMap(entry => {
      const {info, program} = entry;
      if (!program || info.status !== 'ok' || !info.caps.kvmBuiltIn || !processorRuns(host, info.caps.arch)) return [];
      return [{path: info.path, caps: info.caps, realPath: program.file.realPath, stamp: program.stamp}];
    });
    const before = this.kvm;
    const visits = await this.#kvmTrial.settle(able, retry);
    for (const [path, visit] of visits) this.#takeIn(path, visit);
    if (visits.size > 0 || JSON.stringify(before) !== JSON.stringify(this.kvm)) this.#changedEmitter.emit(this.known());
  }

  #takeIn(path: string, visit: KvmVisit): void {
    const entry = this.#entries.get(path);
    if (entry?.info.status === 'ok') entry.info = {...entry.info, caps: withKvm(entry.info.caps, visit)};
  }

  #add(path: string, names: readonly string[], program: Program, trusts: Trust): Entry {
    const known = this.#knowledge.recall(path, program, trusts);
    const info: EmulatorInfo = known ?? {path, status: 'probing'};
    const ready = known ? Promise.resolve(info) : this.#knowledge.learn(path, program);
    const entry: Entry = {path, names, program, ready, info};
    this.#entries.set(path, entry);
    if (!known) void ready.then(learnt => this.#replaceInfo(entry, learnt)); // `ready` never fails
    return entry;
  }

  #replaceInfo(entry: Entry, info: EmulatorInfo): void {
    entry.info = info;
    if (this.#entries.get(entry.path) === entry) this.#changedEmitter.emit(this.known());
  }
}

function brokenEntry(path: string, names: readonly string[], why: string): Entry {
  const info: EmulatorInfo = {path, status: 'failed', why};
  return {path, names, info, ready: Promise.resolve(info)};
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  const error = () => new VirtError('OPERATION_ABORTED', 'QEMU', 'waiting for the emulators was given up');
  if (signal.aborted) return Promise.reject(error());
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(error()), {once: true}));
}
