import {VirtError} from '../../../base/virt-error.ts';
import {addressOfType} from '../../../model/devices/address.ts';
import type {NvramDef} from '../../../model/devices/nvram.ts';
import type {ArgvInput} from '../argv-input.ts';
import {optionsArg, type QemuArg} from '../qemu-arg.ts';

/** Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, VIO_ADDR_NVRAM. */
const USUAL_REG = 0x3000n;

/** Where a pSeries board, which has one anyway, has its non-volatile memory. */
export function buildNvramArgs(nvram: NvramDef, {def}: ArgvInput): readonly QemuArg[] {
  if (!/^pseries/.test(def.os.machine ?? '')) {
    const what = `cannot give domain '${def.name}' its <nvram>: only pSeries boards have that`;
    throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', what, {hint: 'take it out of the definition'});
  }
  const reg = addressOfType(nvram, 'spapr-vio')?.reg ?? USUAL_REG;
  return [optionsArg('-global', {'spapr-nvram.reg': `0x${reg.toString(16)}`})];
}
