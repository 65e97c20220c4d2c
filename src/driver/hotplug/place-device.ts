import {VirtError} from '../../base/virt-error.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {DeviceAddress} from '../../model/devices/address.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {assignAliases} from '../../model/live-def.ts';
import {assignUsbPorts} from '../../model/post-parse/assign-usb.ts';
import {machineFamily} from '../argv/machine-family.ts';
import {type HotplugDevice, nameOf} from './hotplug-device.ts';

/**
 * Gives a device that comes to a guest which runs its alias, and a place that is free on a bus that is there.
 *
 * @param live  of the guest, as it is
 * @throws {VirtError} OPERATION_FAILED for a target or alias that is taken, or where no place is free
 */
export function placeDevice(live: DomainDef, device: HotplugDevice, caps: EmulatorCaps): HotplugDevice {
  const placed = withAddress(live, device, caps);
  const alias = aliasFor(live, placed);
  const holder = live.devices.find(other => 'alias' in other && other.alias === alias);
  if (holder) throw cannotPlug(live, device, `another device has the alias '${alias}' already`);
  return {...placed, alias};
}

/** @throws {VirtError} OPERATION_FAILED for a target that the definition has already */
export function requireFreeTarget(def: DomainDef, device: DeviceDef): void {
  if (device.kind !== 'disk') return;
  const {dev} = device.target;
  const isTaken = devicesOf(def, 'disk').some(({target}) => target.dev === dev);
  if (isTaken) throw cannotPlug(def, device, `the target '${dev}' exists already`);
}

/** The error for a device that a guest cannot get. */
export function cannotPlug({name}: DomainDef, device: HotplugDevice, why: string, hint?: string): VirtError {
  const message = `cannot attach ${nameOf(device)} to domain '${name}': ${why}`;
  return new VirtError('OPERATION_FAILED', 'QEMU', message, hint === undefined ? {} : {hint});
}

/** Numbers of those that went are free again; libvirt counts what is there, which is no name of its own then. */
function aliasFor(live: DomainDef, device: HotplugDevice): string {
  const named = assignAliases({...live, devices: [...live.devices, device]}).devices.at(-1);
  const alias = named && 'alias' in named ? (named.alias ?? '') : '';
  if (device.kind === 'disk' || alias === device.alias) return alias;
  const taken = new Set(live.devices.map(other => ('alias' in other ? other.alias : undefined)));
  let number = 0;
  while (taken.has(`hostdev${number}`)) number++;
  return `hostdev${number}`;
}

function withAddress(live: DomainDef, device: HotplugDevice, caps: EmulatorCaps): HotplugDevice {
  if (device.kind === 'hostdev' || device.target.bus === 'usb') return withUsbPort(live, device);
  if (device.target.bus !== 'virtio' || device.address !== undefined || !isExpress(live, caps)) return device;
  const bus = freeRootPort(live);
  if (bus === undefined) {
    const hint = "give the definition a <controller type='pci' model='pcie-root-port'/>, or use the scsi or usb bus";
    throw cannotPlug(
      live,
      device,
      'it has no PCI root port that is free, and the bus of the board takes nothing later',
      hint,
    );
  }
  const address: DeviceAddress = {type: 'pci', domain: 0, bus, slot: 0, function: 0};
  return {...device, address};
}

/** The first bus of a PCI board is open to devices that come later; that of a PCI Express board is not. */
function isExpress(def: DomainDef, caps: EmulatorCaps): boolean {
  const isRoot = devicesOf(def, 'controller').some(({type, model}) => type === 'pci' && model === 'pcie-root');
  return isRoot || machineFamily(def, caps) === 'q35';
}

/** A root port takes one device. */
function freeRootPort(def: DomainDef): number | undefined {
  const taken = new Set(def.devices.map(busOf));
  const ports = devicesOf(def, 'controller').filter(({type, model}) => type === 'pci' && model === 'pcie-root-port');
  return ports.map(({index}) => index ?? 0).find(index => !taken.has(index));
}

function busOf(device: DeviceDef): number | undefined {
  const address = 'address' in device ? device.address : undefined;
  return address?.type === 'pci' && address.domain !== undefined ? address.bus : undefined;
}

function withUsbPort(live: DomainDef, device: HotplugDevice): HotplugDevice {
  const assigned = assignUsbPorts({...live, devices: [...live.devices, device]});
  const placed = assigned.devices[live.devices.length];
  const hubs = (def: DomainDef) => devicesOf(def, 'hub').length;
  if (hubs(assigned) > hubs(live)) {
    throw cannotPlug(live, device, 'no port of its USB controllers is free', "give the definition a <hub type='usb'/>");
  }
  return placed?.kind === device.kind ? placed : device;
}
