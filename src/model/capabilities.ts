/** A machine type of an emulator. */
export interface MachineInfo {
  readonly name: string;
  readonly aliasOf?: string;
  readonly isDefault: boolean;
  readonly deprecated: boolean;
  readonly maxCpus: number;
}

/**
 * Named abilities of an emulator that the program asks for, never a version number.
 * Each is found by a probe; `driver/emulators/flags.ts` says how.
 */
export const EMULATOR_FLAGS = [
  'qmp',
  'sandbox',
  'action',
  'no-reboot',
  'blockdev',
  'chardev-logfile',
  'msg-timestamp',
  'machine-graphics',
  'machine-acpi',
  'debug-threads',
  'device-json',
] as const;
export type EmulatorFlag = (typeof EMULATOR_FLAGS)[number];

/** What one emulator binary can do. */
export interface EmulatorCaps {
  /** e.g. `7.2.22`. */
  readonly version: string;
  /** libvirt's name of the guest architecture it emulates. */
  readonly arch: string;
  readonly flags: ReadonlySet<EmulatorFlag>;
  readonly machines: readonly MachineInfo[];
  readonly cpuModels: readonly string[];
  /** Device types it can create, as `-device` names them. */
  readonly devices: ReadonlySet<string>;
  /** Whether this binary was built with KVM; whether the host lets us use it is `HostInfo.kvm`. */
  readonly kvmBuiltIn: boolean;
}

/** An emulator as found on this host; probing never blocks, so it may still be under way. */
export type EmulatorInfo =
  | {readonly path: string; readonly status: 'probing'}
  | {readonly path: string; readonly status: 'ok'; readonly caps: EmulatorCaps}
  /** `why` is one sentence that names what was tried. */
  | {readonly path: string; readonly status: 'failed'; readonly why: string};

/** Whether hardware acceleration can be used here, and if not, why. */
export type KvmStatus = {readonly usable: true} | {readonly usable: false; readonly why: string};

export interface HostInfo {
  readonly hostname: string;
  /** Of the host itself; empty when it cannot be found out. */
  readonly uuid: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly cpus: number;
  readonly mhz: number;
  readonly numaNodes: number;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  readonly memoryKiB: bigint;
  readonly kvm: KvmStatus;
}

/** What this host and its emulators can run. */
export interface Capabilities {
  readonly host: HostInfo;
  /** Sorted by path; also those that are still being probed or failed. */
  readonly emulators: readonly EmulatorInfo[];
  /** Where emulators were looked for, for the message that none was found. */
  readonly searched: readonly string[];
}
