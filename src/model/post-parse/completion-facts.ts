import type {DomainDef} from '../domain-def.ts';

/** What of an emulator decides over the devices that a definition does not name. */
export interface CompletionFacts {
  /** The device types it can create, as `-device` names them. */
  readonly devices: ReadonlySet<string>;
  /** Taken when the definition names no emulator. */
  readonly emulator?: string;
  /** The processor that a machine gets without a wish, e.g. `qemu64`; undefined when that is not known. */
  defaultCpu(def: DomainDef): string | undefined;
  /** For a generation id that is to be made. */
  newUuid(): string;
}
