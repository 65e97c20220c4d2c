import type {DeviceAddress, PciAddress} from '../devices/address.ts';
import type {ControllerDef} from '../devices/controller.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import type {PciRequest} from './pci-bus.ts';
import type {PciBuses} from './pci-buses.ts';
import {type PciStyle, pciRequest} from './pci-request.ts';

type PlacedAddress = PciAddress & {readonly multifunction?: boolean};

/** The devices of a definition while they are given their places on PCI buses. */
export class PciPlan {
  readonly buses: PciBuses;
  readonly #devices: DeviceDef[];
  readonly #style: PciStyle;

  constructor(devices: readonly DeviceDef[], buses: PciBuses, style: PciStyle) {
    this.#devices = [...devices];
    this.buses = buses;
    this.#style = style;
  }

  get devices(): readonly DeviceDef[] {
    return this.#devices;
  }

  requestOf(device: DeviceDef): PciRequest | undefined {
    return pciRequest(device, this.#style);
  }

  /** It has no address of any kind. */
  hasNoAddress(device: DeviceDef): boolean {
    return !('address' in device) || device.address === undefined;
  }

  /** It has no address, or one of PCI that says no place. */
  wantsPci(device: DeviceDef): boolean {
    if (this.hasNoAddress(device)) return this.requestOf(device) !== undefined;
    return 'address' in device && device.address?.type === 'pci' && device.address.domain === undefined;
  }

  /** Calls for every controller as it is now. */
  eachController(visit: (controller: ControllerDef) => void): void {
    for (const device of [...this.#devices]) if (device.kind === 'controller') visit(device);
  }

  /** Gives a device a place; one that it has already is reserved and stays. */
  place(device: DeviceDef, address: PlacedAddress): void {
    const own = pciPlaceOf(device);
    this.buses.reserve(own ?? address, this.requestOf(device)?.aggregate);
    if (!own) this.#replace(device, address);
  }

  /** Gives a device the first free place; without one it stays as it is. */
  placeNext(device: DeviceDef, fn?: number): PlacedAddress | undefined {
    const request = this.requestOf(device);
    const address = request && this.buses.reserveNext(fn === undefined ? request : {...request, function: fn});
    if (address) this.#replace(device, address);
    return address;
  }

  /** Reserves a place that is nobody's yet. */
  reserveSpare(need: PciRequest['need']): void {
    this.buses.reserveNext({need, automatic: true});
  }

  #replace(device: DeviceDef, address: PlacedAddress): void {
    const at = this.#devices.indexOf(device);
    const made: DeviceAddress = {type: 'pci', ...address};
    // The decoder: every kind that can be on PCI has an address.
    this.#devices[at] = {...device, address: made} as DeviceDef;
  }
}

/** Where on PCI a device is; undefined when it is not, or not yet. */
export function pciPlaceOf(device: DeviceDef): PciAddress | undefined {
  if (!('address' in device) || device.address?.type !== 'pci') return undefined;
  const {address} = device;
  return address.domain === undefined ? undefined : address;
}
