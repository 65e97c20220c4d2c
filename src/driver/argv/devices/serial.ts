import type {ChardevDef} from '../../../model/devices/chardev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {isPc, machineFamily} from '../machine-family.ts';
import {deviceArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {buildChardevBackend} from './chardev-backend.ts';
import {aliasOf, notYetSupported} from './device-context.ts';

/** A serial line: an ISA port that we add to a PC; elsewhere one of those that are soldered on, in order. */
export function buildSerialArgs(serial: ChardevDef, input: ArgvInput): readonly QemuArg[] {
  if (serial.kind === 'serial' && serial.target)
    throw notYetSupported(`<serial> of type '${serial.target.type}'`, input);
  const {arg, id} = buildChardevBackend(serial, input);
  const family = machineFamily(input.def, input.caps);
  if (isPc(family) || family === 'isapc') {
    return [arg, deviceArg('isa-serial', {chardev: id, id: aliasOf(serial), index: serial.port})];
  }
  return [arg, textArg('-serial', `chardev:${id}`)];
}
