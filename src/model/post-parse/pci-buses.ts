import type {PciAddress} from '../devices/address.ts';
import {PciBus, type PciRequest} from './pci-bus.ts';

/** All PCI buses of a guest by the index of their controllers. */
export class PciBuses {
  readonly #buses: PciBus[];
  /** Whether buses may be added where there is no place; else a device stays without an address. */
  readonly #mayGrow: boolean;
  readonly #hasPcieToPciBridge: boolean;

  constructor(buses: readonly PciBus[], options: {readonly mayGrow: boolean; readonly hasPcieToPciBridge: boolean}) {
    this.#buses = [...buses];
    this.#mayGrow = options.mayGrow;
    this.#hasPcieToPciBridge = options.hasPcieToPciBridge;
  }

  get models(): readonly string[] {
    return this.#buses.map(({model}) => model);
  }

  get isFull(): boolean {
    return this.#buses.every(bus => bus.isFull);
  }

  isSlotUsed(slot: number): boolean {
    return this.#buses[0]?.isSlotUsed(slot) ?? false;
  }

  reserve({bus, slot, function: fn}: PciAddress, aggregate = false): void {
    this.#buses[bus]?.reserve(slot, fn, aggregate);
  }

  /** Reserves the place that a definition names for a device, and adds the buses up to it. */
  reserveGiven(address: PciAddress, request: PciRequest): void {
    while (this.#mayGrow && address.bus >= this.#buses.length && this.#grow(request));
    this.reserve(address, request.aggregate);
  }

  /** Takes the first free place; undefined when there is none. */
  reserveNext(request: PciRequest): PciAddress | undefined {
    for (const [bus, candidate] of this.#buses.entries()) {
      const place = candidate.findFree(request);
      if (place) return this.#take(bus, place, request);
    }
    if (!this.#mayGrow || !this.#grow(request)) return undefined;
    const bus = this.#buses.length - 1;
    const place = this.#buses[bus]?.findFree(request);
    return place && this.#take(bus, place, request);
  }

  #take(bus: number, place: {readonly slot: number; readonly function: number}, request: PciRequest): PciAddress {
    const address = {domain: 0, bus, ...place};
    this.reserve(address, request.aggregate);
    return address;
  }

  /** Adds a bus that takes the device, with what it needs itself. Source: libvirt 9.0.0, src/conf/domain_addr.c, virDomainPCIAddressSetGrow. */
  #grow({need}: PciRequest): boolean {
    if (need === 'pcie-device' || need === 'pcie-switch-upstream-port') {
      this.#buses.push(new PciBus('pcie-root-port'));
      return true;
    }
    if (need !== 'pci-device' && need !== 'pci-bridge') return false;
    const takesBridges = this.#buses.some(bus => bus.accepts({need: 'pci-bridge', automatic: false}));
    if (takesBridges) this.#buses.push(new PciBus('pci-bridge'));
    else if (this.#hasPcieToPciBridge) {
      // The port is for the bridge, not for a device that comes later.
      this.#buses.push(new PciBus('pcie-root-port', 'pcie-to-pci-bridge'));
      this.#buses.push(new PciBus('pcie-to-pci-bridge'));
    } else this.#buses.push(new PciBus('dmi-to-pci-bridge'), new PciBus('pci-bridge'));
    return true;
  }
}
