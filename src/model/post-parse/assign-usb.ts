import {addressOfType, type DeviceAddress} from '../devices/address.ts';
import type {ControllerDef} from '../devices/controller.ts';
import type {DeviceDef, DeviceKind} from '../devices/device-def.ts';
import type {HubDef} from '../devices/hub.ts';
import {isUsbInput} from '../devices/input.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import {ensureController} from './controllers.ts';
import {UsbHub} from './usb-hub.ts';

/** Source: libvirt 9.0.0, src/conf/domain_addr.h, VIR_DOMAIN_USB_HUB_PORTS. */
const HUB_PORTS = 8;

/** The order in which kinds of devices get their ports. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainUSBDeviceDefForeach. */
const ORDER: readonly DeviceKind[] = ['hostdev', 'disk', 'controller', 'input', 'serial', 'sound', 'redirdev'];

/**
 * Gives every USB device of a running domain a port, hubs first, and adds hubs where the ports are too few. What the
 * definition places stays; without a controller whose ports are known, the emulator chooses.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignUSBAddresses
 */
export function assignUsbPorts(def: DomainDef): DomainDef {
  const buses = rootHubs(def);
  if (buses.size === 0) return def;
  const grown = addHubs(withReader(def), buses);
  reserveGiven(grown, buses);
  const placed = new Map<DeviceDef, DeviceDef>();
  for (const device of [...devicesOf(grown, 'hub'), ...inOrder(grown)]) {
    const address = freeAddress(device, buses);
    if (address) placed.set(device, {...device, address} as DeviceDef); // the decoder: every USB device may have an address
  }
  return {...grown, devices: grown.devices.map(device => placed.get(device) ?? device)};
}

/** A smart card needs a reader, which is a USB device, too. */
function withReader(def: DomainDef): DomainDef {
  return devicesOf(def, 'smartcard').length > 0 ? ensureController(def, 'ccid', 0) : def;
}

/** A controller and its ports. */
interface Bus {
  readonly hub: UsbHub;
  readonly ports: number;
}

function rootHubs(def: DomainDef): ReadonlyMap<number, Bus> {
  const buses = new Map<number, Bus>();
  for (const controller of devicesOf(def, 'controller')) {
    if (controller.type !== 'usb' || controller.master) continue; // a companion serves the ports of its master
    const ports = portsOf(controller);
    if (ports > 0) buses.set(controller.index ?? 0, {hub: new UsbHub(ports), ports});
  }
  return new Map([...buses].toSorted(([a], [b]) => a - b));
}

/** By model. Source: libvirt 9.0.0, src/conf/domain_addr.c, virDomainUSBAddressControllerModelToPorts. */
const PORTS: Readonly<Record<string, number>> = {
  'piix3-uhci': 2,
  'piix4-uhci': 2,
  'vt82c686b-uhci': 2,
  ehci: 6,
  'ich9-ehci1': 6,
  'pci-ohci': 3,
  'nec-xhci': 4,
  'qemu-xhci': 4,
};

function portsOf({model = '', ports}: ControllerDef): number {
  return (model.endsWith('-xhci') ? ports : undefined) ?? PORTS[model] ?? 0;
}

/** As libvirt counts: one port for each device, one for each hub, and a hub brings one less than it has. */
function addHubs(def: DomainDef, buses: ReadonlyMap<number, Bus>): DomainDef {
  const hubs = devicesOf(def, 'hub').length;
  const devices = inOrder(def).length + hubs;
  const ports = [...buses.values()].reduce((sum, bus) => sum + bus.ports, 0) + hubs * HUB_PORTS;
  if (devices <= ports) return def;
  const missing = Math.ceil((devices - ports + 1) / (HUB_PORTS - 1));
  const added = Array.from({length: missing}, (): HubDef => ({kind: 'hub', type: 'usb'}));
  return {...def, devices: [...def.devices, ...added]};
}

/** Hubs before what is on them. */
function reserveGiven(def: DomainDef, buses: ReadonlyMap<number, Bus>): void {
  const given = (device: DeviceDef) => {
    const address = 'address' in device ? addressOfType(device, 'usb') : undefined;
    return address?.port === undefined ? [] : [{hub: buses.get(address.bus)?.hub, path: address.port}];
  };
  const hubs = devicesOf(def, 'hub').flatMap(given);
  for (const {hub, path} of hubs.toSorted((a, b) => a.path.length - b.path.length)) {
    hub?.reserve(path, new UsbHub(HUB_PORTS));
  }
  for (const {hub, path} of inOrder(def).flatMap(given)) hub?.reserve(path);
}

/** The first free port, on the bus that the device names, if it names one. */
function freeAddress(device: DeviceDef, buses: ReadonlyMap<number, Bus>): DeviceAddress | undefined {
  const given = 'address' in device ? device.address : undefined;
  if (given && (given.type !== 'usb' || given.port !== undefined)) return undefined;
  for (const [bus, {hub}] of buses) {
    if (given && given.bus !== bus) continue;
    const port = hub.freePath();
    if (port === undefined) continue;
    hub.reserve(port, device.kind === 'hub' ? new UsbHub(HUB_PORTS) : undefined);
    return {type: 'usb', bus, port};
  }
  return undefined;
}

function inOrder(def: DomainDef): readonly DeviceDef[] {
  return ORDER.flatMap(kind => devicesOf(def, kind).filter(isOnUsb));
}

function isOnUsb(device: DeviceDef): boolean {
  switch (device.kind) {
    case 'hostdev':
      return device.host.type === 'usb';
    case 'disk':
      return device.target.bus === 'usb';
    case 'controller':
      return device.type === 'ccid';
    case 'input':
      return isUsbInput(device);
    case 'serial':
      return device.target?.type === 'usb-serial';
    case 'sound':
      return device.model === 'usb';
    case 'redirdev':
      return true;
    default:
      return false;
  }
}
