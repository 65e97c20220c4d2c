import {VirtError} from '../../base/virt-error.ts';
import type {EmulatorInfo} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {emulatorNames, isXenner, runsArch} from '../../model/emulator-arch.ts';

/** An emulator under one of its names. */
export interface NamedEmulator {
  readonly path: string;
  /** Every path that leads to it. */
  readonly names: readonly string[];
}

/** The emulators in the order in which they are asked for an architecture: by the names it usually has, then the others. */
export function rankForArch<T extends NamedEmulator>(emulators: readonly T[], arch: string): readonly T[] {
  const usual = emulatorNames(arch);
  const rank = (emulator: T) => {
    const ranks = emulator.names.map(name => usual.indexOf(baseName(name))).filter(index => index >= 0);
    return ranks.length === 0 ? usual.length : Math.min(...ranks);
  };
  return emulators.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether a probed emulator runs guests of this architecture and kind. */
export function isFor(info: EmulatorInfo, arch: string, osType: 'hvm' | 'xen'): boolean {
  if (info.status !== 'ok' || isXenner(info.path) !== (osType === 'xen')) return false;
  return runsArch(info.caps.arch, arch);
}

export interface NoEmulatorContext {
  readonly def: DomainDef;
  /** Every path that was looked at. */
  readonly looked: readonly string[];
  readonly known: readonly EmulatorInfo[];
  readonly hint: string;
}

/** The error for a domain whose architecture nothing here emulates: every path looked at, and what each one is. */
export function noEmulatorError({def, looked, known, hint}: NoEmulatorContext): VirtError {
  const {arch} = def.os;
  const byPath = new Map(known.map(info => [info.path, info]));
  const paths = [...new Set([...looked, ...byPath.keys()])].sort();
  const isXen = def.os.type === 'xen';
  const why = isXen ? 'there is no xenner, which runs paravirtual guests for Xen' : `nothing here emulates ${arch}`;
  const instead = `write <type>hvm</type>: today's kernels for Xen run as whole machines too`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot find an emulator for domain '${def.name}': ${why}`, {
    hint: isXen ? instead : hint,
    detail: paths.map(path => `${path}: ${describe(byPath.get(path))}`),
  });
}

function describe(info: EmulatorInfo | undefined): string {
  switch (info?.status) {
    case undefined:
      return 'not there';
    case 'probing':
      return 'still being asked';
    case 'failed':
      return info.why;
    case 'ok':
      return `emulates ${info.caps.arch}`;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
