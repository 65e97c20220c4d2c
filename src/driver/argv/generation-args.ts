import type {ArgvInput} from './argv-input.ts';
import {chooseDriver} from './devices/device-context.ts';
import {switched} from './machine-features.ts';
import {deviceArg, type QemuArg} from './qemu-arg.ts';

/** Devices by which the host tells the guest, or the guest the host, of itself: its generation, and where its core dump is. */
export function buildGenerationArgs(input: ArgvInput): readonly QemuArg[] {
  const {genid, features} = input.def;
  const hasId = genid !== undefined && genid !== '';
  const generation = hasId
    ? [deviceArg(chooseDriver(['vmgenid'], 'generation id', input), {guid: genid, id: 'vmgenid0'})]
    : [];
  const core = switched(features.vmcoreinfo) ? [deviceArg(chooseDriver(['vmcoreinfo'], 'vmcoreinfo', input), {})] : [];
  return [...generation, ...core];
}
