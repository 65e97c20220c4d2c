import {isPpc64, isX86} from '../../model/arch.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {OptionRecord} from './qemu-arg.ts';

/** A feature that is on when its element says nothing. */
export function switched(feature: {readonly state?: boolean} | undefined): boolean | undefined {
  return feature && (feature.state ?? true);
}

/** `<features>` that are properties of the board. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMachineCommandLine. */
export function machineFeatureOptions(def: DomainDef): OptionRecord {
  const {arch} = def.os;
  if (isX86(arch)) return pcOptions(def);
  return isPpc64(arch) ? pseriesOptions(def) : {'gic-version': def.features.gic?.version};
}

function pcOptions({features}: DomainDef): OptionRecord {
  return {
    vmport: switched(features.vmport),
    smm: switched(features.smm),
    kernel_irqchip: irqchip(features.ioapicDriver),
  };
}

function irqchip(driver: string | undefined): string | undefined {
  return driver === 'qemu' ? 'split' : driver === 'kvm' ? 'on' : undefined;
}

function pseriesOptions({features}: DomainDef): OptionRecord {
  const maxPageKiB = features.hpt?.maxPageSizeKiB;
  return {
    'resize-hpt': features.hpt?.resizing,
    'cap-hpt-max-page-size': maxPageKiB === undefined ? undefined : `${maxPageKiB}k`,
    'cap-htm': switched(features.htm),
    'cap-nested-hv': switched(features.nestedHv),
    'cap-ccf-assist': switched(features.ccfAssist),
    'cap-cfpc': features.cfpc,
    'cap-sbbc': features.sbbc,
    'cap-ibs': features.ibs,
  };
}
