import {ARCH_NAMES, type ArchName} from './arch.ts';
import type {Capabilities, EmulatorCaps, EmulatorInfo, HostInfo} from './capabilities.ts';
import type {Accelerator} from './cpu/cpu-model.ts';
import {emulatorNames, isXenner, processorRuns, runsArch} from './emulator-arch.ts';

/** An emulator that has told what it can do. */
export interface ProbedEmulator {
  readonly path: string;
  readonly caps: EmulatorCaps;
}

/** A type of domain that a guest can be defined as. */
export interface OfferedDomain {
  readonly type: 'qemu' | 'kvm' | 'xen';
  /** Its own, where it is not the guest's. */
  readonly emulator?: ProbedEmulator;
}

/** A kind of guest that this host can run. */
export interface GuestOffer {
  /** `hvm`: a whole machine; `xen`: a kernel made for Xen. */
  readonly osType: 'hvm' | 'xen';
  readonly arch: ArchName;
  readonly emulator: ProbedEmulator;
  /** At least one. */
  readonly domains: readonly OfferedDomain[];
}

/**
 * The guests that this host can run, in libvirt's order of architectures: for each the emulator of the usual name, else
 * the first by path that runs it. KVM is offered where the host lets us use it, with the guest's emulator if that has it.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsInit and virQEMUCapsInitGuest
 */
export function guestOffers({host, emulators}: Capabilities): readonly GuestOffer[] {
  const probed = emulators.flatMap(info => probedOf(info) ?? []);
  const machines = probed.filter(({path}) => !isXenner(path));
  const hvm = ARCH_NAMES.flatMap(arch => offerOf(arch, machines, host) ?? []);
  return [...hvm, ...probed.filter(({path}) => isXenner(path)).flatMap(emulator => xenOffer(emulator, host))];
}

/** The emulators that run guests of an architecture, the one that is taken first. */
export function emulatorsFor(arch: string, emulators: readonly ProbedEmulator[]): readonly ProbedEmulator[] {
  const usual = emulatorNames(arch);
  const rank = ({path}: ProbedEmulator) => {
    const place = usual.indexOf(path.slice(path.lastIndexOf('/') + 1));
    return place < 0 ? usual.length : place;
  };
  const fitting = emulators.filter(({caps}) => runsArch(caps.arch, arch));
  return fitting.length < 2 ? fitting : fitting.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether guests of an architecture can run on the processor itself, with this emulator. */
export function canUseKvm(arch: string, {caps}: ProbedEmulator, host: HostInfo): boolean {
  return caps.kvmBuiltIn && host.kvm.usable && processorRuns(host.arch, arch);
}

function probedOf(info: EmulatorInfo): ProbedEmulator | undefined {
  return info.status === 'ok' ? {path: info.path, caps: info.caps} : undefined;
}

function offerOf(arch: ArchName, probed: readonly ProbedEmulator[], host: HostInfo): GuestOffer | undefined {
  const [emulator, ...others] = emulatorsFor(arch, probed);
  if (!emulator) return undefined;
  const domains: OfferedDomain[] = [{type: 'qemu'}];
  if (canUseKvm(arch, emulator, host)) domains.push({type: 'kvm'});
  else {
    const accelerated = others.find(other => canUseKvm(arch, other, host));
    if (accelerated) domains.push({type: 'kvm', emulator: accelerated});
  }
  return {osType: 'hvm', arch, emulator, domains};
}

/** Xenner runs kernels for Xen on KVM, and nothing without it. Source: libvirt 0.7.1, src/qemu_conf.c, qemudCapsInit. */
function xenOffer(emulator: ProbedEmulator, host: HostInfo): readonly GuestOffer[] {
  if (!host.kvm.usable || host.arch !== 'x86_64') return [];
  return [{osType: 'xen', arch: 'x86_64', emulator, domains: [{type: 'kvm'}, {type: 'xen'}]}];
}

/**
 * Why no domain of type kvm can run here: the emulator, the device, the right to open it, or that nothing runs with it.
 *
 * @returns undefined when one can, or nothing has been probed yet
 */
export function kvmMissing({host, emulators}: Capabilities): string | undefined {
  const probed = emulators.flatMap(info => probedOf(info) ?? []);
  if (probed.length === 0) return undefined;
  const isAble = ({caps}: ProbedEmulator) => caps.kvmBuiltIn && processorRuns(host.arch, caps.arch);
  if (!probed.some(isAble)) return `no emulator here is built with KVM for ${host.arch}`;
  return host.kvm.usable ? undefined : host.kvm.why;
}

/** What runs the guests of an emulator here, the fastest first. */
export function usableAccelerators(emulator: ProbedEmulator, host: HostInfo): readonly Accelerator[] {
  const kvm = canUseKvm(emulator.caps.arch, emulator, host);
  const tcg = emulator.caps.flags.has('tcg');
  return [...(kvm ? (['kvm'] as const) : []), ...(tcg ? (['tcg'] as const) : [])];
}
