import {ARCH_WORD_SIZES, type ArchName, isX86} from './arch.ts';
import type {EmulatorCaps, MachineInfo} from './capabilities.ts';
import type {GuestOffer, OfferedDomain} from './guest-offers.ts';
import {element, type XmlNode} from './xml/write-xml.ts';

/** A `<guest>` of capabilities. @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesFormatGuestXML */
export function formatGuest({osType, arch, emulator, domains}: GuestOffer): XmlNode {
  return element('guest', {}, [
    element('os_type', {}, osType),
    element('arch', {name: arch}, [
      element('wordsize', {}, String(ARCH_WORD_SIZES[arch])),
      element('emulator', {}, emulator.path),
      ...formatMachines(emulator.caps),
      ...domains.map(formatDomain),
    ]),
    element('features', {}, formatFeatures(arch, emulator.caps)),
  ]);
}

function formatDomain({type, emulator}: OfferedDomain): XmlNode {
  if (!emulator) return element('domain', {type});
  return element('domain', {type}, [element('emulator', {}, emulator.path), ...formatMachines(emulator.caps)]);
}

/** The default first, for who takes the first; each followed by its other names. */
function formatMachines({machines}: EmulatorCaps): readonly XmlNode[] {
  const aliases = new Map<string, MachineInfo[]>();
  for (const machine of machines) {
    if (machine.aliasOf !== undefined) aliases.set(machine.aliasOf, [...(aliases.get(machine.aliasOf) ?? []), machine]);
  }
  const own = machines.filter(({aliasOf}) => aliasOf === undefined);
  const ordered = [...own.filter(({isDefault}) => isDefault), ...own.filter(({isDefault}) => !isDefault)];
  return ordered.flatMap(machine => [machine, ...(aliases.get(machine.name) ?? [])]).map(formatMachine);
}

function formatMachine({name, aliasOf: canonical, maxCpus, deprecated}: MachineInfo): XmlNode {
  return element('machine', {canonical, maxCpus, deprecated: deprecated ? 'yes' : undefined}, name);
}

/** Source: libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsInitGuestFromBinary. */
function formatFeatures(arch: ArchName, {flags, cpuModels}: EmulatorCaps): readonly (XmlNode | undefined)[] {
  const isModern = flags.has('qmp');
  const toggle = (name: string, on: boolean, canChange: boolean) =>
    element(name, {default: on ? 'on' : 'off', toggle: canChange ? 'yes' : 'no'});
  return [
    ...(arch === 'i686' ? [element('pae'), element('nonpae')] : []),
    isX86(arch) || arch === 'aarch64' ? toggle('acpi', true, true) : undefined,
    isX86(arch) ? toggle('apic', true, false) : undefined,
    isModern || cpuModels.length > 0 ? element('cpuselection') : undefined,
    isModern ? element('deviceboot') : undefined,
    toggle('disksnapshot', isModern, false),
  ];
}
