import type {KvmStatus} from '../../../model/capabilities.ts';
import type {KvmVisit} from './kvm-visit.ts';
import {type KvmCandidate, KvmVisits} from './kvm-visits.ts';

export interface KvmTrialOptions {
  readonly cacheDir: string;
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
  /** Whether /dev/kvm opens. */
  readonly readDevice: () => Promise<KvmStatus>;
  /** False: the device is taken for what it says. */
  readonly tries: boolean;
}

/** Whether this host lets guests run on its processor: the device, the right to open it, and a guest that really runs. */
export class KvmTrial {
  readonly #options: KvmTrialOptions;
  readonly #visits: KvmVisits;
  #status: KvmStatus | undefined;

  constructor(options: KvmTrialOptions) {
    this.#options = options;
    this.#visits = new KvmVisits(options);
  }

  /** Undefined before it has been looked at. */
  get status(): KvmStatus | undefined {
    return this.#status;
  }

  /**
   * Tries KVM with emulators. The first says how it is on this host; where it runs nothing, no other is tried.
   *
   * @param retry  tries again what did not work before
   * @returns what came out, by the path of each emulator that was tried
   */
  async settle(candidates: readonly KvmCandidate[], retry: boolean): Promise<ReadonlyMap<string, KvmVisit>> {
    const device = await this.#options.readDevice();
    const visits = new Map<string, KvmVisit>();
    let status: KvmStatus | undefined;
    for (const candidate of device.usable && this.#options.tries ? candidates : []) {
      const visit = await this.#visits.visit(candidate, {retry});
      if (visit === undefined) continue;
      visits.set(candidate.path, visit);
      status ??= visit.status;
      if (!visit.status.usable) break;
    }
    this.#status = status ?? device;
    return visits;
  }

  /** Whether a guest can be started with an emulator now; a failure of before is not taken for granted. */
  async statusWith(candidate: KvmCandidate): Promise<KvmStatus> {
    const device = await this.#options.readDevice();
    if (!device.usable || !this.#options.tries) return device;
    return (await this.#visits.visit(candidate, {retry: true}))?.status ?? device;
  }
}
