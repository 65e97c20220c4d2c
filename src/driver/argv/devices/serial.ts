import {addressOfType} from '../../../model/devices/address.ts';
import type {ChardevDef} from '../../../model/devices/chardev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {isPc, machineFamily} from '../machine-family.ts';
import {deviceArg, type OptionRecord, type QemuArg, textArg} from '../qemu-arg.ts';
import {buildChardevBackend} from './chardev-backend.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace, usbPlace} from './device-place.ts';

/** A serial line: an ISA port that we add to a PC, or what the definition says; elsewhere one of those that are soldered on, in order. */
export function buildSerialArgs(serial: ChardevDef, input: ArgvInput): readonly QemuArg[] {
  const {args, id} = buildChardevBackend(serial, input);
  const model = modelOf(serial, input);
  if (model === undefined) return [...args, textArg('-serial', `chardev:${id}`)];
  const driver = chooseDriver([model], `serial line of model '${model}'`, input);
  return [...args, deviceArg(driver, {chardev: id, id: aliasOf(serial), ...placeOf(serial, model, input)})];
}

/** The device of a line; undefined for one that is on the board. */
function modelOf(serial: ChardevDef, input: ArgvInput): string | undefined {
  const target = serial.kind === 'serial' ? serial.target : undefined;
  if (target?.type === 'system-serial') return undefined;
  if (target) return target.model ?? target.type;
  const family = machineFamily(input.def, input.caps);
  return isPc(family) || family === 'isapc' ? 'isa-serial' : undefined;
}

function placeOf(serial: ChardevDef, model: string, input: ArgvInput): OptionRecord {
  switch (model) {
    case 'isa-serial':
      return {index: serial.port, ...isaPlace(serial)};
    case 'isa-debugcon':
      return {iobase: isaPlace(serial).iobase};
    case 'usb-serial':
      return usbPlace(serial, input);
    case 'pci-serial':
      return pciPlace(serial, input);
    case 'spapr-vty':
      return {reg: addressOfType(serial, 'spapr-vio')?.reg};
    default:
      return {};
  }
}

function isaPlace(serial: ChardevDef): {readonly iobase?: number | undefined; readonly irq?: number | undefined} {
  const {iobase, irq} = addressOfType(serial, 'isa') ?? {};
  return {iobase, irq};
}
