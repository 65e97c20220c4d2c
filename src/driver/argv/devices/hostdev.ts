import type {HostdevDef} from '../../../model/devices/hostdev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {pciPlace, usbPlace} from './device-place.ts';

/** A PCI, mediated or USB device of the host. */
export function buildHostdevArgs(hostdev: HostdevDef, input: ArgvInput): readonly QemuArg[] {
  const {host} = hostdev;
  const id = aliasOf(hostdev);
  const bootindex = hostdev.boot?.order;
  const what = `${host.type} device of the host`;
  switch (host.type) {
    case 'pci': {
      const {domain, bus, slot, function: part} = host.source.address;
      const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
      const address = `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${part}`;
      const options = {host: address, id, bootindex, display: host.display, ...pciPlace(hostdev, input)};
      return [deviceArg(chooseDriver(['vfio-pci'], what, input), options)];
    }
    case 'usb':
      return [usbHost(hostdev, host, input)];
    case 'mdev': {
      const sysfsdev = `/sys/bus/mdev/devices/${host.source.address}`;
      const options = {id, sysfsdev, display: host.display, ramfb: host.ramfb, bootindex, ...pciPlace(hostdev, input)};
      return [deviceArg(chooseDriver([host.model], what, input), options)];
    }
    default:
      throw notYetSupported(`<hostdev type='${host.type}'>`, input);
  }
}

type UsbHost = Extract<HostdevDef['host'], {readonly type: 'usb'}>;

/** By its place on the host's bus, else by its numbers. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildUSBHostdevDevProps. */
function usbHost(hostdev: HostdevDef, {source}: UsbHost, input: ArgvInput): QemuArg {
  const pad = (value: number) => String(value).padStart(3, '0');
  const {address, guestReset} = source;
  const hex = (value: number | undefined) => (value === undefined ? undefined : `0x${value.toString(16)}`);
  const found =
    address?.bus !== undefined && address.device !== undefined
      ? {hostdevice: `/dev/bus/usb/${pad(address.bus)}/${pad(address.device)}`}
      : {vendorid: hex(source.vendorId), productid: hex(source.productId)};
  const options = {
    ...found,
    id: aliasOf(hostdev),
    'guest-reset': guestReset === undefined ? undefined : guestReset !== 'off',
    'guest-resets-all': guestReset === undefined ? undefined : guestReset === 'always',
    bootindex: hostdev.boot?.order,
    ...usbPlace(hostdev, input),
  };
  return deviceArg(chooseDriver(['usb-host'], 'usb device of the host', input), options);
}
