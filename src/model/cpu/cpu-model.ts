import type {CpuProperty} from './expanded-cpu.ts';

/** What runs a guest's instructions. */
export type Accelerator = 'tcg' | 'kvm';

/** A processor model that an emulator can give to a guest. */
export interface CpuModel {
  readonly name: string;
  /** The model that this is another name of, e.g. `EPYC-v1` of `EPYC`. */
  readonly aliasOf?: string;
  readonly deprecated: boolean;
  /** Features of it that an accelerator cannot give here; none: it is usable. Absent where QEMU does not say. */
  readonly lacks: Readonly<Partial<Record<Accelerator, readonly string[]>>>;
}

/** A model of processor, property by property, as `query-cpu-model-expansion` tells it. */
export interface CpuExpansion {
  readonly name: string;
  /** By the names of `-cpu`. Of those that are on or off only what is on; of the others what tells the processor's make. */
  readonly properties: ReadonlyMap<string, CpuProperty>;
}
