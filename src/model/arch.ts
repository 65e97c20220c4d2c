/**
 * libvirt's names of guest architectures with the size of a machine word in bits, in libvirt's order.
 * Source: libvirt 9.0.0, src/util/virarch.c, virArchData (`sh4eb` has 64 there), and virarch.h for the order.
 */
export const ARCH_WORD_SIZES = {
  alpha: 64,
  armv6l: 32,
  armv7l: 32,
  aarch64: 64,
  cris: 32,
  i686: 32,
  ia64: 64,
  lm32: 32,
  m68k: 32,
  microblaze: 32,
  microblazeel: 32,
  mips: 32,
  mipsel: 32,
  mips64: 64,
  mips64el: 64,
  openrisc: 32,
  parisc: 32,
  parisc64: 64,
  ppc: 32,
  ppc64: 64,
  ppc64le: 64,
  ppcemb: 32,
  riscv32: 32,
  riscv64: 64,
  s390: 32,
  s390x: 64,
  sh4: 32,
  sh4eb: 64,
  sparc: 32,
  sparc64: 64,
  unicore32: 32,
  x86_64: 64,
  xtensa: 32,
  xtensaeb: 32,
} as const satisfies Readonly<Record<string, 32 | 64>>;

export type ArchName = keyof typeof ARCH_WORD_SIZES;

/** All of them, in libvirt's order. */
export const ARCH_NAMES: readonly ArchName[] = Object.keys(ARCH_WORD_SIZES).filter(isArchName);

/** True for a name that libvirt knows. */
export function isArchName(name: string): name is ArchName {
  return Object.hasOwn(ARCH_WORD_SIZES, name);
}

/** True for the two architectures of a PC. */
export function isX86(arch: string): boolean {
  return arch === 'x86_64' || arch === 'i686';
}

/** True for the 64-bit POWER architectures, whose boards are pSeries and PowerNV. */
export function isPpc64(arch: string): boolean {
  return arch === 'ppc64' || arch === 'ppc64le';
}
