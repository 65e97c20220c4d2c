import {addressOfType} from '../../../model/devices/address.ts';
import type {PanicDef} from '../../../model/devices/panic.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {pciPlace} from './device-place.ts';

/**
 * The device by which a guest tells of its panic. pSeries and S/390 have it built in; `hyperv` is a feature of the
 * processor.
 */
export function buildPanicArgs(panic: PanicDef, input: ArgvInput): readonly QemuArg[] {
  switch (panic.model) {
    case 'pseries':
      return builtIn('pSeries boards', /^pseries/.test(input.def.os.machine ?? ''), input);
    case 's390':
      return builtIn('S/390 guests', input.def.os.arch.startsWith('s390'), input);
    case 'hyperv': // given with `-cpu`
      return [];
    case 'pvpanic':
      return [
        deviceArg(chooseDriver(['pvpanic-pci'], 'panic device', input), {
          id: aliasOf(panic),
          ...pciPlace(panic, input),
        }),
      ];
    default:
      return [
        deviceArg(chooseDriver(['pvpanic'], 'panic device', input), {ioport: addressOfType(panic, 'isa')?.iobase}),
      ];
  }
}

function builtIn(owners: string, has: boolean, input: ArgvInput): readonly QemuArg[] {
  if (has) return [];
  throw refusal('panic device', `only ${owners} have this one`, "choose another <panic model='...'/>", input);
}
