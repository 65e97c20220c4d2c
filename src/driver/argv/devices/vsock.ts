import {automaticCid, type VsockDef} from '../../../model/devices/vsock.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf} from './device-context.ts';
import {pciPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

/** Sockets between host and guest, under the number that the definition gives, or one of the domain's own. */
export function buildVsockArgs(vsock: VsockDef, input: ArgvInput): readonly QemuArg[] {
  const {auto, address} = vsock.cid ?? {};
  const cid = auto || address === undefined ? automaticCid(input.def.uuid) : address;
  const options = {id: aliasOf(vsock), 'guest-cid': cid, ...virtioOptions(vsock.driver), ...pciPlace(vsock, input)};
  return [deviceArg(chooseVirtio('vhost-vsock', vsock.model, 'socket device', input), options)];
}
