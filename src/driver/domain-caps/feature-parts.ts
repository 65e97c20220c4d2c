import {isX86} from '../../model/arch.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {CapsPart} from '../../model/domain-capabilities.ts';
import type {AcceleratorAnswers} from '../emulators/ask-accelerator.ts';

export interface FeatureSurroundings {
  readonly caps: EmulatorCaps;
  readonly arch: string;
  /** The board's own name. */
  readonly machine: string | undefined;
  /** Undefined where the emulator could not be asked. */
  readonly accelerator: AcceleratorAnswers | undefined;
  /** Whether the host's firmware can hide guests from the host: s390x only. */
  readonly protectedGuests: boolean;
}

/**
 * The features that domains can have besides devices, but for what hides a guest's memory.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsFillDomainFeatureGICCaps and others
 */
export function featureParts({caps, arch, machine = '', ...around}: FeatureSurroundings): readonly CapsPart[] {
  const {devices, flags} = caps;
  const {hyperv = [], gicVersions = []} = around.accelerator ?? {};
  const hasGic = /^(?:aarch64|arm)/.test(arch) && /^virt(?:-|$)/.test(machine) && gicVersions.length > 0;
  const gic = hasGic ? [{name: 'version', values: gicVersions.map(String)}] : [];
  return [
    {name: 'gic', supported: hasGic, enums: gic},
    plain('vmcoreinfo', devices.has('vmcoreinfo')),
    plain('genid', devices.has('vmgenid')),
    plain('backingStoreInput', flags.has('blockdev')),
    plain('backup', flags.has('incremental-backup')),
    ...(arch === 's390x' ? [plain('s390-pv', around.protectedGuests)] : []),
    ...(isX86(arch) ? [{name: 'hyperv', supported: hyperv.length > 0, enums: enumOf('features', hyperv)}] : []),
  ];
}

function plain(name: string, supported: boolean): CapsPart {
  return {name, supported, enums: []};
}

function enumOf(name: string, values: readonly string[]): CapsPart['enums'] {
  return values.length === 0 ? [] : [{name, values}];
}
