import type {CapsChanges} from './caps-changes.ts';
import type {Accelerator, CpuExpansion, CpuModel} from './cpu/cpu-model.ts';
import type {EmulatorFlag} from './emulator-flags.ts';
import type {HostDetail} from './host-detail.ts';

/** A machine type of an emulator. */
export interface MachineInfo {
  readonly name: string;
  readonly aliasOf?: string;
  readonly isDefault: boolean;
  readonly deprecated: boolean;
  readonly maxCpus: number;
  /** The id of the backend that is all its memory, e.g. `pc.ram`; boards of before QEMU 5.0, and some others, have none. */
  readonly defaultRamId?: string;
  /** The model of processor that a guest gets which names none. */
  readonly defaultCpu?: string;
  /** Whether processors can be added while the guest runs; QEMU before 2.7 does not say. */
  readonly plugsCpus?: boolean;
  /** Whether its NUMA nodes can share its memory out by size alone, `-numa node,mem=`; QEMU before 4.1 does not say. */
  readonly numaMem?: boolean;
}

/** What one emulator binary can do. */
export interface EmulatorCaps {
  /** e.g. `7.2.22`. */
  readonly version: string;
  /** libvirt's name of the guest architecture it emulates. */
  readonly arch: string;
  readonly flags: ReadonlySet<EmulatorFlag>;
  readonly machines: readonly MachineInfo[];
  /** Sorted by name. */
  readonly cpuModels: readonly CpuModel[];
  /** The best processor that it can give with each accelerator on this host; only where QEMU tells. */
  readonly hostCpus?: Readonly<Partial<Record<Accelerator, CpuExpansion>>>;
  /** Device types it can create, as `-device` names them. */
  readonly devices: ReadonlySet<string>;
  /** The bus that a device sits on, e.g. `pci`, `usb`, `scsi`, for those where QEMU says it. */
  readonly deviceBuses?: ReadonlyMap<string, string>;
  /** Whether this binary was built with KVM; whether the host lets us use it is `HostInfo.kvm`. */
  readonly kvmBuiltIn: boolean;
}

/** An emulator as found on this host; probing never blocks, so it may still be under way. */
export type EmulatorInfo =
  | {readonly path: string; readonly status: 'probing'}
  | {readonly path: string; readonly status: 'ok'; readonly caps: EmulatorCaps; readonly learnt?: LearntCaps}
  /** `why` is one sentence that names what was tried; `timedOut`: it took all the time there was, and would again. */
  | {readonly path: string; readonly status: 'failed'; readonly why: string; readonly timedOut?: true};

/** When capabilities were learnt, and what was new then. */
export interface LearntCaps {
  /** Since when these answers have been known, milliseconds since 1970. */
  readonly sinceMs: number;
  /** Against the answers before; absent when there are none, or they were the same. */
  readonly changes?: CapsChanges;
}

/** Whether hardware acceleration can be used here, and if not, why. */
export type KvmStatus =
  /** `tried`: a guest has run with it since the host was started; otherwise it only opens. */
  {readonly usable: true; readonly tried?: true} | {readonly usable: false; readonly why: string};

export interface HostInfo {
  readonly hostname: string;
  /** Of the host itself; empty when it cannot be found out. */
  readonly uuid: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly cpus: number;
  readonly mhz: number;
  readonly numaNodes: number;
  /** Of one NUMA node. */
  readonly sockets: number;
  readonly diesPerSocket: number;
  /** On all dies of a socket together. */
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  readonly memoryKiB: bigint;
  readonly kvm: KvmStatus;
}

/** All that is told of a host. */
export interface HostCapabilities extends HostInfo, HostDetail {}

/** What this host and its emulators can run. */
export interface Capabilities {
  readonly host: HostCapabilities;
  /** Sorted by path; also those that are still being probed or failed. */
  readonly emulators: readonly EmulatorInfo[];
  /** Where emulators were looked for, for the message that none was found. */
  readonly searched: readonly string[];
}
