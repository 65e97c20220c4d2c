import {addressOfType} from '../../../model/devices/address.ts';
import type {NvramDef} from '../../../model/devices/nvram.ts';
import type {ArgvInput} from '../argv-input.ts';
import {optionsArg, type QemuArg} from '../qemu-arg.ts';
import {refusal} from './device-context.ts';

/** Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, VIO_ADDR_NVRAM. */
const USUAL_REG = 0x3000n;

/** Where a pSeries board, which has one anyway, has its non-volatile memory. */
export function buildNvramArgs(nvram: NvramDef, input: ArgvInput): readonly QemuArg[] {
  if (!/^pseries/.test(input.def.os.machine ?? '')) {
    throw refusal('<nvram>', 'only pSeries boards have that', 'take it out of the definition', input);
  }
  const reg = addressOfType(nvram, 'spapr-vio')?.reg ?? USUAL_REG;
  return [optionsArg('-global', {'spapr-nvram.reg': `0x${reg.toString(16)}`})];
}
