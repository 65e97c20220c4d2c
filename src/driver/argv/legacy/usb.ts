import type {HostdevDef} from '../../../model/devices/hostdev.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bareArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {cannotGive} from './refuse.ts';

/** The USB bus, which every guest gets, and what is plugged in besides disks. PS/2 and Xen have their mouse already. */
export function buildLegacyUsb(input: ArgvInput): QemuArg[] {
  const inputs = devicesOf(input.def, 'input').flatMap(({type, bus}): readonly QemuArg[] => {
    if (bus !== 'usb' && !(bus === undefined && type === 'tablet')) {
      if (bus === 'virtio' || type === 'passthrough' || type === 'evdev') {
        throw cannotGive(`${type} input device`, 'this emulator has none', input);
      }
      return [];
    }
    return [textArg('-usbdevice', type)];
  });
  return [bareArg('-usb'), ...inputs];
}

/** Devices of the host: `-usbdevice host:` by product or by place, `-pcidevice host=` by place. */
export function buildLegacyHostdevs(input: ArgvInput): QemuArg[] {
  return devicesOf(input.def, 'hostdev').map(({host}) => {
    switch (host.type) {
      case 'usb':
        return textArg('-usbdevice', `host:${usbName(host.source, input)}`);
      case 'pci':
        if (!input.caps.flags.has('pcidevice'))
          throw cannotGive('PCI device', 'this emulator has no -pcidevice', input);
        return textArg('-pcidevice', `host=${pciName(host.source.address, input)}`);
      default:
        throw cannotGive(`host device of type '${host.type}'`, 'this emulator takes none', input);
    }
  });
}

type UsbSource = Extract<HostdevDef['host'], {readonly type: 'usb'}>['source'];
type PciHostAddress = Extract<HostdevDef['host'], {readonly type: 'pci'}>['source']['address'];

function usbName({vendorId, productId, address}: UsbSource, input: ArgvInput): string {
  if (vendorId !== undefined) return `${hex(vendorId, 4)}:${hex(productId ?? 0, 4)}`;
  if (address?.bus === undefined || address.device === undefined) {
    throw cannotGive('USB device of the host', 'the XML names neither its vendor nor its place', input);
  }
  return [address.bus, address.device].map(number => String(number).padStart(3, '0')).join('.');
}

function pciName({domain, bus, slot, function: fn}: PciHostAddress, input: ArgvInput): string {
  if (domain !== 0)
    throw cannotGive('PCI device of the host', `it is in the PCI domain ${domain}, not in the first`, input);
  return `${hex(bus, 2)}:${hex(slot, 2)}.${hex(fn, 1)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
