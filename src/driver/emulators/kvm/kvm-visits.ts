import {messageOf} from '../../../base/virt-error.ts';
import {ensurePrivateDir, writeTextAtomically} from '../../../host/files.ts';
import {readFact, systemNames} from '../../../host/host-facts.ts';
import type {EmulatorCaps} from '../../../model/capabilities.ts';
import {StampedStore} from '../stamped-store.ts';
import {decodeKvmVisit, encodeKvmVisit, type KvmVisit} from './kvm-visit.ts';

/** An emulator that is to be tried. */
export interface KvmCandidate {
  readonly path: string;
  /** With every link resolved. */
  readonly realPath: string;
  readonly stamp: string;
  readonly caps: EmulatorCaps;
}

export interface KvmVisitsOptions {
  readonly cacheDir: string;
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Raised when what is stored, or the guest that is run, changes. */
const FORMAT = 1;

/**
 * What KVM gives with each emulator, tried once for each start of the host: whether a guest runs depends on the processor,
 * the kernel and its modules, none of which a program's file tells of.
 */
export class KvmVisits {
  readonly #options: KvmVisitsOptions;
  readonly #store: StampedStore<KvmVisit>;
  readonly #running = new Map<string, Promise<KvmVisit | undefined>>();
  #bootId: Promise<string> | undefined;

  constructor(options: KvmVisitsOptions) {
    this.#options = options;
    this.#store = new StampedStore(`${options.cacheDir}/kvm`, decodeKvmVisit);
  }

  /**
   * What is known, or comes out when it is tried now.
   *
   * @param retry  tries again what did not work before
   * @returns undefined where there is nothing to try with
   */
  async visit(candidate: KvmCandidate, {retry = false} = {}): Promise<KvmVisit | undefined> {
    const stamp = `${FORMAT}\n${await this.#readBootId()}\n${candidate.stamp}`;
    const known = this.#known(candidate, stamp);
    if (known !== undefined && (known.status.usable || !retry)) return known;
    const running = this.#running.get(stamp) ?? this.#run(candidate, stamp);
    this.#running.set(stamp, running);
    return running.finally(() => this.#running.delete(stamp));
  }

  #known({realPath}: KvmCandidate, stamp: string): KvmVisit | undefined {
    try {
      const found = this.#store.read(realPath);
      return found?.stamp === stamp ? found.value : undefined;
    } catch (error) {
      this.#warn(error);
      return undefined;
    }
  }

  async #run({path, realPath, caps}: KvmCandidate, stamp: string): Promise<KvmVisit | undefined> {
    const [{trialGuestFor}, {visitKvm}] = await Promise.all([import('./trial-guest.ts'), import('./visit-kvm.ts')]);
    const guest = trialGuestFor(systemNames().machine);
    // Without it there is none of the devices that the guest talks to; QEMU 2.6.
    if (guest === undefined || !caps.flags.has('chardev-logfile')) return undefined;
    // Nobody is there any more to whom it matters, and perhaps the folder is not either.
    if (this.#options.signal.aborted) return undefined;
    const imagePath = `${this.#options.cacheDir}/kvm/trial-guest.bin`;
    try {
      await ensurePrivateDir(`${this.#options.cacheDir}/kvm`);
      await writeTextAtomically(imagePath, guest.image, {sync: false});
    } catch (error) {
      this.#warn(error);
      return undefined;
    }
    const visit = await visitKvm({path, caps, guest, imagePath, signal: this.#options.signal});
    if (visit !== undefined)
      await this.#store.write(realPath, stamp, encodeKvmVisit(visit)).catch(error => this.#warn(error));
    return visit;
  }

  #readBootId(): Promise<string> {
    this.#bootId ??= readFact('/proc/sys/kernel/random/boot_id').then(id => id?.trim() ?? '');
    return this.#bootId;
  }

  #warn(error: unknown): void {
    this.#options.onWarning(`whether KVM runs guests is not kept: ${messageOf(error)}`);
  }
}
