/** QEMU's names of architectures that libvirt names otherwise. Source: libvirt 9.0.0, src/util/virarch.c and src/qemu/qemu_capabilities.c. */
const ARCH_OF_TARGET: Readonly<Record<string, string>> = {
  i386: 'i686',
  arm: 'armv7l',
  or1k: 'openrisc',
  hppa: 'parisc',
};

/** Emulators that also run guests of another architecture. */
const ALSO_RUNS: Readonly<Record<string, readonly string[]>> = {
  i686: ['x86_64'],
  ppc64le: ['ppc64'],
  armv6l: ['armv7l'],
};

/** libvirt's name of an architecture, from QEMU's (`query-target`). */
export function archOfTarget(target: string): string {
  return ARCH_OF_TARGET[target] ?? target;
}

/** QEMU's name of an architecture, as in `qemu-system-NAME`. */
export function targetOfArch(arch: string): string {
  return Object.entries(ARCH_OF_TARGET).find(([, name]) => name === arch)?.[0] ?? arch;
}

/** Whether an emulator of one architecture runs guests of another. */
export function runsArch(emulatorArch: string, guestArch: string): boolean {
  return emulatorArch === guestArch || (ALSO_RUNS[guestArch] ?? []).includes(emulatorArch);
}

/** The names of emulators for an architecture, the usual one first. */
export function emulatorNames(arch: string): readonly string[] {
  const own = [arch, ...(ALSO_RUNS[arch] ?? [])].map(name => `qemu-system-${targetOfArch(name)}`);
  const x86 = arch === 'x86_64' || arch === 'i686' ? ['qemu-kvm', 'kvm', 'qemu'] : [];
  return [...new Set([...own, ...x86])];
}

/** KVM runs guests of the host's architecture, and those of its 32-bit part. */
const KVM_GUESTS: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['x86_64', 'i686'],
  aarch64: ['aarch64', 'armv7l', 'armv6l'],
  ppc64: ['ppc64', 'ppc', 'ppc64le'],
  ppc64le: ['ppc64le', 'ppc64'],
};

/** Whether the processor of a host can run guests of an architecture itself. */
export function processorRuns(hostArch: string, guestArch: string): boolean {
  return (KVM_GUESTS[hostArch] ?? [hostArch]).includes(guestArch);
}

/** Whether a path names the emulator of paravirtual guests, which are for Xen and run on KVM. */
export function isXenner(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1) === 'xenner';
}
