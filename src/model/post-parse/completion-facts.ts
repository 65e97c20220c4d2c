import type {AudioDef} from '../devices/audio.ts';
import type {DomainDef} from '../domain-def.ts';

/** What of an emulator decides over the devices that a definition does not name. */
export interface CompletionFacts {
  /** The device types it can create, as `-device` names them. */
  readonly devices: ReadonlySet<string>;
  /** Taken when the definition names no emulator. */
  readonly emulator?: string;
  /** The processor that a machine gets without a wish, e.g. `qemu64`; undefined when that is not known. */
  defaultCpu(def: DomainDef): string | undefined;
  /** Whether a processor model can be had on this host just as it is; nothing has to be checked then. */
  isCpuUsable(model: string): boolean;
  /** Whether a host's processor can be asked for without what would not survive a migration. */
  readonly hasMigratableHostCpu: boolean;
  /** The host's own sound; undefined where no guest gets it without naming it. */
  readonly hostAudio?: HostAudio;
  /** The security model of a label that names none; undefined: it stays without one. */
  readonly securityModel?: string;
  /** For a generation id that is to be made. */
  newUuid(): string;
}

/** The sound of the host that the driver itself runs on, and which guests may have it although theirs is not a window there. */
export interface HostAudio {
  /** What the variable `QEMU_AUDIO_DRV` of the driver says. */
  readonly type: AudioDef['type'];
  /** qemu.conf: `vnc_allow_host_audio`. */
  readonly withVnc: boolean;
  /** qemu.conf: `nographics_allow_host_audio`. */
  readonly withoutScreen: boolean;
}
