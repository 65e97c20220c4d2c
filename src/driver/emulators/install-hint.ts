/** Packages with the emulator of an architecture. Source: packages.debian.org and Fedora's package `qemu`, 2024. */
const DEBIAN: Readonly<Record<string, string>> = {
  x86_64: 'qemu-system-x86',
  i686: 'qemu-system-x86',
  ppc: 'qemu-system-ppc',
  ppc64: 'qemu-system-ppc',
  ppc64le: 'qemu-system-ppc',
  sparc: 'qemu-system-sparc',
  sparc64: 'qemu-system-sparc',
  aarch64: 'qemu-system-arm',
  armv7l: 'qemu-system-arm',
  armv6l: 'qemu-system-arm',
};

const FEDORA: Readonly<Record<string, string>> = {
  x86_64: 'qemu-system-x86',
  i686: 'qemu-system-x86',
  ppc: 'qemu-system-ppc',
  ppc64: 'qemu-system-ppc',
  ppc64le: 'qemu-system-ppc',
  sparc: 'qemu-system-sparc',
  sparc64: 'qemu-system-sparc',
  aarch64: 'qemu-system-aarch64',
  armv7l: 'qemu-system-arm',
  armv6l: 'qemu-system-arm',
  mips: 'qemu-system-mips',
  mipsel: 'qemu-system-mips',
  s390x: 'qemu-system-s390x',
  riscv64: 'qemu-system-riscv',
};

/**
 * What to type to get an emulator for an architecture on this system.
 *
 * @param osRelease  the text of /etc/os-release; empty when there is none. @see os-release(5)
 */
export function installHint(arch: string, osRelease: string): string {
  const families = osReleaseIds(osRelease);
  // RHEL has one emulator, for its own architecture, and Fedora none of its name.
  if (families.includes('rhel') && !families[0]?.startsWith('fedora')) return 'dnf install qemu-kvm';
  if (families.includes('fedora')) return `dnf install ${FEDORA[arch] ?? 'qemu'}`;
  if (families.includes('debian') || families.includes('ubuntu')) return `apt install ${debianPackage(arch)}`;
  return `install QEMU's emulator for ${arch} (on Debian: apt install ${debianPackage(arch)})`;
}

function debianPackage(arch: string): string {
  return DEBIAN[arch] ?? (arch.startsWith('mips') ? 'qemu-system-mips' : 'qemu-system-misc');
}

/** The system's own id first, then those it is like. */
function osReleaseIds(text: string): readonly string[] {
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return `${value('ID')} ${value('ID_LIKE')}`.split(' ').filter(id => id !== '');
}
