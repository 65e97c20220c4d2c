import {addressOfType} from '../../../model/devices/address.ts';
import type {PanicDef} from '../../../model/devices/panic.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {pciPlace} from './device-place.ts';

/** The device by which a guest tells of its panic. A pSeries machine has it built in; `hyperv` is a feature of the processor. */
export function buildPanicArgs(panic: PanicDef, input: ArgvInput): readonly QemuArg[] {
  switch (panic.model) {
    case 'pseries':
      return [];
    case 'hyperv': // given with `-cpu`
      return [];
    case 'pvpanic':
      return [
        deviceArg(chooseDriver(['pvpanic-pci'], 'panic device', input), {
          id: aliasOf(panic),
          ...pciPlace(panic, input),
        }),
      ];
    case 's390':
      throw notYetSupported("<panic model='s390'>", input);
    default:
      return [
        deviceArg(chooseDriver(['pvpanic'], 'panic device', input), {ioport: addressOfType(panic, 'isa')?.iobase}),
      ];
  }
}
