import {addressOfType, type DeviceAddress} from '../devices/address.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';

/** Of a controller that says nothing about it. */
const USUAL_PORTS = 31;

/**
 * Gives every virtio channel and console a port; the first of a controller is for a console.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignVirtioSerialAddresses
 */
export function assignVirtioPorts(def: DomainDef): DomainDef {
  const used = new Set(def.devices.flatMap(device => ('address' in device ? keyOf(device) : [])));
  const controllers = devicesOf(def, 'controller').filter(({type}) => type === 'virtio-serial');
  const place = (first: number): DeviceAddress | undefined => {
    for (const {index: controller = 0, ports = USUAL_PORTS} of controllers) {
      for (let port = first; port < ports; port++) {
        if (used.has(`${controller}:${port}`)) continue;
        used.add(`${controller}:${port}`);
        return {type: 'virtio-serial', controller, bus: 0, port};
      }
    }
    return undefined;
  };
  return {...def, devices: placed(placed(def.devices, 'console', 0, place), 'channel', 1, place)};
}

function keyOf(device: {readonly address?: DeviceAddress}): readonly string[] {
  const address = addressOfType(device, 'virtio-serial');
  return address?.port === undefined ? [] : [`${address.controller}:${address.port}`];
}

function placed(
  devices: readonly DeviceDef[],
  kind: 'console' | 'channel',
  first: number,
  place: (first: number) => DeviceAddress | undefined,
): readonly DeviceDef[] {
  return devices.map(device => {
    if (device.kind !== kind || !isVirtioPort(device) || hasPort(device)) return device;
    const address = place(first);
    return address ? {...device, address} : device;
  });
}

function hasPort(device: {readonly address?: DeviceAddress}): boolean {
  return addressOfType(device, 'virtio-serial')?.port !== undefined;
}

function isVirtioPort(device: DeviceDef): boolean {
  if (device.kind === 'console') return device.targetType === 'virtio';
  return device.kind === 'channel' && device.target.type === 'virtio';
}
