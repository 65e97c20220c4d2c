import {VirtError} from '../../base/virt-error.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {HostdevDef} from '../../model/devices/hostdev.ts';
import type {InterfaceDef} from '../../model/devices/interface.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {UsbDevice} from './usb-devices.ts';

/** A definition whose USB devices of the host are known by their places. */
export interface SettledUsb {
  readonly def: DomainDef;
  /** Devices that are not plugged in and need not be. */
  readonly leftOut: readonly string[];
}

interface UsbWish {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly address?: {readonly bus?: number; readonly device?: number};
  readonly startupPolicy?: 'mandatory' | 'requisite' | 'optional';
}

/** What a definition wishes of the host's USB; undefined for another device. */
export function usbWish(device: DeviceDef): UsbWish | undefined {
  if (device.kind === 'hostdev') return device.host.type === 'usb' ? device.host.source : undefined;
  if (device.kind !== 'interface' || device.type !== 'hostdev') return undefined;
  const {address, ...numbers} = device.source;
  if (address?.type === 'pci') return undefined;
  return address === undefined ? numbers : {...numbers, address};
}

/**
 * Finds the USB devices of the host that a definition names, by their makers' numbers or by their places. The place is
 * what the guest gets: nothing that is plugged in later can take it. Source: libvirt 9.0.0, src/hypervisor/virhostdev.c,
 * virHostdevFindUSBDevice.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for one that is not there, or of which there are several
 */
export function settleUsb(def: DomainDef, plugged: readonly UsbDevice[]): SettledUsb {
  const leftOut: string[] = [];
  const taken = new Set<UsbDevice>();
  const devices = def.devices.flatMap(device => {
    const wish = usbWish(device);
    if (wish === undefined) return [device];
    const found = plugged.filter(candidate => fits(candidate, wish) && !taken.has(candidate));
    const [first, second] = found;
    if (first === undefined) {
      if (wish.startupPolicy !== 'optional') throw missing(wish, def, taken.size > 0);
      leftOut.push(`${nameOf(wish)}, which is not plugged in`);
      return [];
    }
    if (second !== undefined) throw ambiguous(wish, found, def);
    taken.add(first);
    return [withPlace(device, first)];
  });
  return {def: {...def, devices}, leftOut};
}

function fits(candidate: UsbDevice, {vendorId, productId, address}: UsbWish): boolean {
  return (
    (vendorId === undefined || vendorId === candidate.vendorId) &&
    (productId === undefined || productId === candidate.productId) &&
    (address?.bus === undefined || address.bus === candidate.bus) &&
    (address?.device === undefined || address.device === candidate.device)
  );
}

function withPlace(device: DeviceDef, {bus, device: number}: UsbDevice): DeviceDef {
  const place = {bus, device: number};
  if (device.kind === 'hostdev') return withHostPlace(device, place);
  return device.kind === 'interface' ? withCardPlace(device, place) : device;
}

interface UsbPlace {
  readonly bus: number;
  readonly device: number;
}

function withHostPlace(device: HostdevDef, address: UsbPlace): HostdevDef {
  const {host} = device;
  return host.type === 'usb' ? {...device, host: {...host, source: {...host.source, address}}} : device;
}

function withCardPlace(nic: InterfaceDef, place: UsbPlace): InterfaceDef {
  return nic.type === 'hostdev' ? {...nic, source: {...nic.source, address: {type: 'usb', ...place}}} : nic;
}

function nameOf({vendorId, productId, address}: UsbWish): string {
  const hex = (value: number | undefined) => (value ?? 0).toString(16).padStart(4, '0');
  const numbers = vendorId === undefined ? '' : ` ${hex(vendorId)}:${hex(productId)}`;
  const place = address?.bus === undefined ? '' : ` on bus ${address.bus}, device ${address.device}`;
  return `the USB device${numbers}${place}`;
}

function missing(wish: UsbWish, {name}: DomainDef, someTaken: boolean): VirtError {
  const why = someTaken ? 'is not plugged in, or is given to it already' : 'is not plugged in';
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot give domain '${name}' ${nameOf(wish)}: it ${why}`, {
    hint: "see 'lsusb' for those that are, or write <source startupPolicy='optional'>",
  });
}

function ambiguous(wish: UsbWish, found: readonly UsbDevice[], {name}: DomainDef): VirtError {
  const places = found.map(({bus, device}) => `bus='${bus}' device='${device}'`).join(', ');
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${name}' ${nameOf(wish)}: there are ${found.length} of them`,
    {hint: `say which one with <address> in its <source>: ${places}`},
  );
}
