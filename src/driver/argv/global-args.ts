import {devicesOf} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {machineFamily} from './machine-family.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/**
 * What of the board only `-global` can say.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildGlobalControllerCommandLine and qemuBuildTSEGCommandLine
 */
export function buildGlobalArgs(input: ArgvInput): readonly QemuArg[] {
  return [...secureFlash(input), ...smmMemory(input), ...rootBus(input)];
}

/** Only the firmware's own code may write the variables. */
function secureFlash({def}: ArgvInput): readonly QemuArg[] {
  if (!def.os.loader?.secure) return [];
  return [optionsArg('-global', {driver: 'cfi.pflash01', property: 'secure', value: true})];
}

const KIB_PER_MIB = 1024n;

function smmMemory({def, caps}: ArgvInput): readonly QemuArg[] {
  const tsegKiB = def.features.smm?.tsegKiB;
  if (tsegKiB === undefined || machineFamily(def, caps) !== 'q35') return [];
  return [textArg('-global', `mch.extended-tseg-mbytes=${tsegKiB / KIB_PER_MIB}`)];
}

const HOSTS = {i440fx: 'i440FX-pcihost', q35: 'q35-pcihost'} as const;

/** The hole for 64-bit devices, and whether devices can be plugged into the root bus while the guest runs. */
function rootBus(input: ArgvInput): readonly QemuArg[] {
  const {def, caps} = input;
  const root = devicesOf(def, 'controller').find(({type, index}) => type === 'pci' && (index ?? 0) === 0);
  const family = machineFamily(def, caps);
  if (!root || (family !== 'i440fx' && family !== 'q35')) return [];
  const {pcihole64KiB, target} = root;
  return [
    ...(pcihole64KiB === undefined ? [] : [textArg('-global', `${HOSTS[family]}.pci-hole64-size=${pcihole64KiB}K`)]),
    ...(target?.hotplug === undefined ? [] : rootHotplug(family, target.hotplug, input)),
  ];
}

/** The root of a PCIe board takes nothing while it runs; that of the older PC does, through ACPI. */
function rootHotplug(family: 'i440fx' | 'q35', hotplug: boolean, input: ArgvInput): readonly QemuArg[] {
  if (family === 'i440fx') return [textArg('-global', `PIIX4_PM.acpi-root-pci-hotplug=${hotplug ? 'on' : 'off'}`)];
  if (hotplug) throw notYetSupported("<target hotplug='on'/> of a pcie-root", input);
  return [];
}
