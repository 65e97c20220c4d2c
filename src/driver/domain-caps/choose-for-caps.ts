import {VirtError} from '../../base/virt-error.ts';
import {isArchName} from '../../model/arch.ts';
import type {HostInfo, MachineInfo} from '../../model/capabilities.ts';
import type {DomainCapabilitiesQuery} from '../../model/domain-capabilities.ts';
import {runsArch} from '../../model/emulator-arch.ts';
import {canUseKvm, type ProbedEmulator} from '../../model/guest-offers.ts';

/** libvirt's types of domains. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainVirt. */
const DOMAIN_TYPES = [
  ...['qemu', 'kqemu', 'kvm', 'xen', 'lxc', 'uml', 'openvz', 'test', 'vmware', 'hyperv', 'vbox', 'phyp'],
  ...['parallels', 'bhyve', 'vz', 'hvf'],
];

/** Refuses words that libvirt does not know. @throws {VirtError} INVALID_ARG */
export function checkQuery({arch, domainType}: DomainCapabilitiesQuery): void {
  if (arch !== undefined && !isArchName(arch)) {
    throw new VirtError('INVALID_ARG', 'QEMU', `unknown architecture: ${arch}`, {
      hint: "'virtty capabilities' lists the architectures of guests that this host can run",
    });
  }
  if (domainType !== undefined && !DOMAIN_TYPES.includes(domainType)) {
    throw new VirtError('INVALID_ARG', 'QEMU', `unknown virttype: ${domainType}`, {
      hint: "the types of this driver's domains are qemu, kvm and xen",
    });
  }
}

/** The architecture that is asked about: the emulator's own where none is given. @throws {VirtError} INVALID_ARG */
export function archFor({arch}: DomainCapabilitiesQuery, {path, caps}: ProbedEmulator): string {
  if (arch === undefined || runsArch(caps.arch, arch)) return arch ?? caps.arch;
  throw new VirtError('INVALID_ARG', 'QEMU', `Emulator '${path}' does not support arch '${arch}'`, {
    hint: `it emulates ${caps.arch}; without --emulatorbin the usual emulator of an architecture is taken`,
  });
}

/** The type of domain that is asked about: KVM where it can be used and no other is given. @throws {VirtError} INVALID_ARG with the reason */
export function domainTypeFor(
  {domainType}: DomainCapabilitiesQuery,
  arch: string,
  emulator: ProbedEmulator,
  host: HostInfo,
): 'kvm' | 'qemu' | 'xen' {
  const {path} = emulator;
  const isXenner = path.endsWith('/xenner');
  const kvm = canUseKvm(arch, emulator, host) || (isXenner && host.kvm.usable);
  switch (domainType) {
    case undefined:
      return kvm ? 'kvm' : 'qemu';
    case 'qemu':
      return 'qemu';
    case 'kvm':
      if (kvm) return 'kvm';
      throw new VirtError('INVALID_ARG', 'QEMU', `the accel 'kvm' is not supported by '${path}' on this host`, {
        hint: whyNotKvm(arch, emulator, host),
      });
    case 'xen':
      if (isXenner) return 'xen';
  }
  throw new VirtError('INVALID_ARG', 'QEMU', `Emulator '${path}' does not support virt type '${domainType}'`, {
    hint: `it runs domains of type ${kvm ? 'qemu and kvm' : 'qemu'}`,
  });
}

function whyNotKvm(arch: string, {caps}: ProbedEmulator, {arch: hostArch, kvm}: HostInfo): string {
  if (!caps.kvmBuiltIn) return 'this emulator is built without KVM';
  return kvm.usable ? `KVM runs guests of ${hostArch} here, not of ${arch}` : kvm.why;
}

/**
 * The board that is asked about, under its own name.
 *
 * @returns undefined for an emulator that does not tell of boards
 * @throws {VirtError} INVALID_ARG
 */
export function machineFor({machine}: DomainCapabilitiesQuery, {path, caps}: ProbedEmulator): MachineInfo | undefined {
  const {machines} = caps;
  const named = machines.find(({name}) => name === machine);
  if (machine !== undefined && !named) {
    const preset = defaultMachine(machines)?.name;
    throw new VirtError('INVALID_ARG', 'QEMU', `the machine '${machine}' is not supported by emulator '${path}'`, {
      hint: `it has ${machines.length} machines${preset === undefined ? '' : `, such as ${preset}`}: see 'virtty capabilities'`,
    });
  }
  const found = named ?? defaultMachine(machines);
  return machines.find(({name}) => name === found?.aliasOf) ?? found;
}

/** The emulator's default; where it has none the board that is made for guests, else the first. */
function defaultMachine(machines: readonly MachineInfo[]): MachineInfo | undefined {
  return machines.find(({isDefault}) => isDefault) ?? machines.find(({name}) => name === 'virt') ?? machines[0];
}
