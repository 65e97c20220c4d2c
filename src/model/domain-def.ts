import type {DeviceDef} from './devices/device-def.ts';
import type {ClockDef} from './domain/clock.ts';
import type {FeaturesDef} from './domain/features.ts';
import type {OsExtras} from './domain/os.ts';
import type {QemuNamespaceDef} from './domain/qemu-namespace.ts';
import type {SectionsDef} from './domain/sections.ts';

export type {ClockDef} from './domain/clock.ts';
export type {FeaturesDef} from './domain/features.ts';

/** `xen` is a paravirtual guest for Xen, which xenner runs on KVM; `kvm` with the OS type `xen` is the same. */
export const DOMAIN_TYPES = ['qemu', 'kvm', 'xen'] as const;
export type DomainType = (typeof DOMAIN_TYPES)[number];

export const BOOT_DEVICES = ['fd', 'hd', 'cdrom', 'network'] as const;
export type BootDevice = (typeof BOOT_DEVICES)[number];

/** What happens when a guest powers off or reboots. Source: libvirt 9.0.0, docs/formatdomain, "Events configuration". */
export const LIFECYCLE_ACTIONS = ['destroy', 'restart', 'preserve', 'rename-restart'] as const;
export type LifecycleAction = (typeof LIFECYCLE_ACTIONS)[number];

/** What happens when a guest panics: the above, or a core dump first. */
export const CRASH_ACTIONS = [...LIFECYCLE_ACTIONS, 'coredump-destroy', 'coredump-restart'] as const;
export type CrashAction = (typeof CRASH_ACTIONS)[number];

interface LoaderDef {
  readonly secure?: boolean;
  readonly stateless?: boolean;
}

export interface OsDef extends OsExtras {
  /** `xen`: a kernel for Xen, run by the emulator of the days of `xenner`. */
  readonly type: 'hvm' | 'xen';
  /** libvirt's name of the guest architecture, e.g. `x86_64`, `ppc`. */
  readonly arch: string;
  readonly machine?: string;
  /** Firmware image; `pflash` is mapped as flash, `rom` is given to QEMU as `-bios`. */
  readonly loader?: LoaderDef & {readonly path: string; readonly type: 'rom' | 'pflash'; readonly readonly: boolean};
  /** Wishes for a firmware that is chosen, where no path is given. */
  readonly loaderWish?: LoaderDef & {readonly type?: 'rom' | 'pflash'; readonly readonly?: boolean};
  readonly kernel?: string;
  readonly initrd?: string;
  readonly cmdline?: string;
  /** In the order in which they are tried. */
  readonly boot: readonly BootDevice[];
  /** `<bios useserial='yes'/>`: the firmware talks on the first serial line. */
  readonly biosUseSerial: boolean;
  /** `<bios rebootTimeout=>` in milliseconds; -1: never. */
  readonly biosRebootTimeoutMs?: number;
}

/** How the processors come to the guest, besides their number. */
export interface VcpuPlacement {
  readonly placement?: 'auto';
  /** Host processors they run on, e.g. `0-3,8`. */
  readonly cpuset?: string;
  /** Those that are there at the start. */
  readonly current?: number;
}

/**
 * A domain as its XML defines it, complete with defaults.
 * `devices` keeps the order of the XML within each kind; the emulator is not a device here.
 */
export interface DomainDef extends SectionsDef {
  readonly type: DomainType;
  readonly name: string;
  /** Lower case with dashes. */
  readonly uuid: string;
  readonly title?: string;
  readonly description?: string;
  readonly memoryKiB: bigint;
  readonly currentMemoryKiB: bigint;
  /** `<memory dumpCore=>`: whether a core dump has the guest's memory. */
  readonly dumpCore?: boolean;
  readonly vcpus: number;
  readonly vcpuPlacement?: VcpuPlacement;
  readonly os: OsDef;
  readonly features: FeaturesDef;
  readonly clock: ClockDef;
  readonly onPoweroff: LifecycleAction;
  readonly onReboot: LifecycleAction;
  readonly onCrash: CrashAction;
  /** Path of the emulator binary; without it the instance's own for the architecture is taken. */
  readonly emulator?: string;
  readonly devices: readonly DeviceDef[];
  readonly qemu?: QemuNamespaceDef;
}

/** The devices of one kind, in order. */
export function devicesOf<K extends DeviceDef['kind']>(
  def: DomainDef,
  kind: K,
): readonly Extract<DeviceDef, {kind: K}>[] {
  return def.devices.filter((device): device is Extract<DeviceDef, {kind: K}> => device.kind === kind);
}
