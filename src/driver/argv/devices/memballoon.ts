import type {MemballoonDef} from '../../../model/devices/memballoon.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, refusal} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

/** The balloon; the model `none` is no device. */
export function buildMemballoonArgs(balloon: MemballoonDef, input: ArgvInput): readonly QemuArg[] {
  if (balloon.model === 'none') return [];
  if (balloon.model === 'xen')
    throw refusal('memory balloon', 'that of Xen needs Xen', "choose <memballoon model='virtio'/>", input);
  const options = {
    id: aliasOf(balloon),
    ...pciPlace(balloon, input),
    'deflate-on-oom': balloon.autodeflate,
    'free-page-reporting': balloon.freePageReporting,
    ...virtioOptions(balloon.driver),
  };
  return [deviceArg(chooseVirtio('virtio-balloon', balloon.model, 'memory balloon', input), options)];
}
