import {VirtError} from '../../base/virt-error.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {HostdevDef} from '../../model/devices/hostdev.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';

/** A device as whoever wants to detach it names it. */
export type WantedDevice = {readonly target: string} | {readonly like: DeviceDef};

/**
 * The device of a definition that is meant: a disk by its target, others by their alias or by what they are of the host.
 *
 * @throws {VirtError} OPERATION_FAILED when there is none
 */
export function findDevice(def: DomainDef, wanted: WantedDevice): DeviceDef {
  const target = 'target' in wanted ? wanted.target : wanted.like.kind === 'disk' ? wanted.like.target.dev : undefined;
  const disks = devicesOf(def, 'disk');
  const found =
    target === undefined
      ? 'like' in wanted && def.devices.find(device => isLike(device, wanted.like))
      : disks.find(disk => disk.target.dev === target);
  if (found) return found;
  const what = target === undefined ? 'such device' : `disk '${target}'`;
  throw new VirtError('OPERATION_FAILED', 'QEMU', `cannot detach a device of domain '${def.name}': it has no ${what}`, {
    ...(disks.length === 0 ? {} : {hint: `its disks: ${disks.map(disk => disk.target.dev).join(', ')}`}),
  });
}

/** A definition without a device. */
export function withoutDevice(def: DomainDef, device: DeviceDef): DomainDef {
  return {...def, devices: def.devices.filter(other => other !== device)};
}

function isLike(device: DeviceDef, like: DeviceDef): boolean {
  if (device.kind !== like.kind) return false;
  if ('alias' in like && like.alias !== undefined) return 'alias' in device && device.alias === like.alias;
  return device.kind === 'hostdev' && like.kind === 'hostdev' && isSameSource(device, like);
}

/** What the wish does not say is any. */
function isSameSource({host}: HostdevDef, {host: wish}: HostdevDef): boolean {
  if (host.type !== 'usb' || wish.type !== 'usb') return JSON.stringify(host) === JSON.stringify(wish);
  const {vendorId, productId, address} = wish.source;
  return (
    (vendorId === undefined || vendorId === host.source.vendorId) &&
    (productId === undefined || productId === host.source.productId) &&
    (address?.bus === undefined || address.bus === host.source.address?.bus) &&
    (address?.device === undefined || address.device === host.source.address?.device)
  );
}
