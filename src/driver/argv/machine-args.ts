import {isX86} from '../../model/arch.ts';
import {devicesOf} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {pflashNodes} from './firmware-args.ts';
import {isPc, machineFamily} from './machine-family.ts';
import {bareArg, optionsArg, type QemuArg} from './qemu-arg.ts';

/** `-machine TYPE,accel=...`: the board, how its processors are run, and what of it is switched off. */
export function buildMachineArgs(input: ArgvInput): QemuArg[] {
  const {def, caps} = input;
  if (def.os.type !== 'hvm') throw notYetSupported(`the OS type '${def.os.type}'`, input);
  const pcWithoutAcpi = isPc(machineFamily(def, caps)) && !def.features.acpi;
  const hpet = (def.clock.timers ?? []).find(({name}) => name === 'hpet');
  const options = {
    accel: def.type === 'kvm' ? 'kvm' : 'tcg',
    graphics: wantsSerialFirmware(input) && caps.flags.has('machine-graphics') ? false : undefined,
    vmport: def.features.vmport && (def.features.vmport.state ?? true),
    smm: def.features.smm && (def.features.smm.state ?? true),
    'kernel-irqchip': irqchip(def.features.ioapicDriver),
    'dump-guest-core': def.dumpCore,
    hpet: hpet?.present === false ? false : undefined,
    acpi: pcWithoutAcpi && caps.flags.has('machine-acpi') ? false : undefined,
    pflash0: pflashNodes(def)?.format,
  };
  const implied = def.os.machine === undefined ? undefined : {key: 'type', value: def.os.machine};
  const machine = optionsArg('-machine', options, implied);
  return pcWithoutAcpi && !caps.flags.has('machine-acpi') ? [machine, bareArg('-no-acpi')] : [machine];
}

/**
 * Firmware talks on the first serial line when it is told so. SeaBIOS there takes bytes that are typed for the guest,
 * so a PC is never told without being asked, as in libvirt; firmware of another architecture is, when there is
 * no screen to talk on.
 */
function wantsSerialFirmware({def}: ArgvInput): boolean {
  if (def.os.biosUseSerial) return true;
  return !isX86(def.os.arch) && devicesOf(def, 'graphics').length === 0;
}

function irqchip(driver: string | undefined): string | undefined {
  return driver === 'qemu' ? 'split' : driver === 'kvm' ? 'on' : undefined;
}
