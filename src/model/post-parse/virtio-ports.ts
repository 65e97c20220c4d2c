import {addressOfType, type DeviceAddress} from '../devices/address.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';

/** Of a controller that says nothing about it. */
const USUAL_PORTS = 31;

/** The first port of a controller is for a console. */
const FIRST_PORT = 1;

/**
 * Gives every virtio channel a port. Consoles take what the emulator gives them, as with libvirt.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignVirtioSerialAddresses
 */
export function assignVirtioPorts(def: DomainDef): DomainDef {
  const used = new Set(def.devices.flatMap(device => ('address' in device ? keyOf(device) : [])));
  const controllers = devicesOf(def, 'controller').filter(({type}) => type === 'virtio-serial');
  const place = (): DeviceAddress | undefined => {
    for (const {index: controller = 0, ports = USUAL_PORTS} of controllers) {
      for (let port = FIRST_PORT; port < ports; port++) {
        if (used.has(`${controller}:${port}`)) continue;
        used.add(`${controller}:${port}`);
        return {type: 'virtio-serial', controller, bus: 0, port};
      }
    }
    return undefined;
  };
  const devices = def.devices.map(device => {
    if (device.kind !== 'channel' || device.target.type !== 'virtio' || hasPort(device)) return device;
    const address = place();
    return address ? {...device, address} : device;
  });
  return {...def, devices};
}

function keyOf(device: {readonly address?: DeviceAddress}): readonly string[] {
  const address = addressOfType(device, 'virtio-serial');
  return address?.port === undefined ? [] : [`${address.controller}:${address.port}`];
}

function hasPort(device: {readonly address?: DeviceAddress}): boolean {
  return addressOfType(device, 'virtio-serial')?.port !== undefined;
}
