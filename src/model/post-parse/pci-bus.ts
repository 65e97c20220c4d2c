/** What a PCI device needs of the place where it is plugged in. */
export type PciNeed =
  | 'pci-device'
  | 'pcie-device'
  /** Of the board itself: on the root alone. */
  | 'integrated-device'
  | 'pci-bridge'
  | 'pcie-root-port'
  | 'pcie-switch-upstream-port'
  | 'pcie-switch-downstream-port'
  | 'dmi-to-pci-bridge'
  | 'pcie-to-pci-bridge'
  | 'pci-expander-bus'
  | 'pcie-expander-bus';

/** What a bus of a kind of controller takes. */
interface BusKind {
  readonly takes: readonly PciNeed[];
  readonly minSlot: number;
  readonly maxSlot: number;
  /** Devices are put here without being asked for; the slots of a PCIe root are for integrated ones. */
  readonly automatic: boolean;
}

const ALL_SLOTS = {minSlot: 0, maxSlot: 31};
const BRIDGED: readonly PciNeed[] = ['pci-device', 'pci-bridge'];

/** Source: libvirt 9.0.0, src/conf/domain_addr.c, virDomainPCIAddressBusSetModel. */
const BUS_KINDS: Readonly<Record<string, BusKind>> = {
  'pci-root': {takes: [...BRIDGED, 'pci-expander-bus', 'integrated-device'], minSlot: 1, maxSlot: 31, automatic: true},
  'pci-bridge': {takes: BRIDGED, minSlot: 1, maxSlot: 31, automatic: true},
  'pci-expander-bus': {takes: BRIDGED, ...ALL_SLOTS, automatic: true},
  'pcie-root': {
    takes: ['pcie-device', 'pcie-root-port', 'dmi-to-pci-bridge', 'pcie-expander-bus', 'integrated-device'],
    minSlot: 1,
    maxSlot: 31,
    automatic: false,
  },
  'dmi-to-pci-bridge': {takes: BRIDGED, ...ALL_SLOTS, automatic: false},
  'pcie-to-pci-bridge': {takes: BRIDGED, minSlot: 1, maxSlot: 31, automatic: true},
  'pcie-root-port': {
    takes: ['pcie-device', 'pcie-switch-upstream-port', 'pcie-to-pci-bridge'],
    minSlot: 0,
    maxSlot: 0,
    automatic: true,
  },
  'pcie-switch-upstream-port': {takes: ['pcie-switch-downstream-port'], ...ALL_SLOTS, automatic: false},
  'pcie-switch-downstream-port': {
    takes: ['pcie-device', 'pcie-switch-upstream-port', 'pcie-to-pci-bridge'],
    minSlot: 0,
    maxSlot: 0,
    automatic: true,
  },
  'pcie-expander-bus': {takes: ['pcie-root-port', 'dmi-to-pci-bridge'], ...ALL_SLOTS, automatic: false},
};

const UNKNOWN: BusKind = {takes: [], ...ALL_SLOTS, automatic: false};

/** A place for a device: what it needs, and how it is found. */
export interface PciRequest {
  readonly need: PciNeed;
  /** Takes no place that is not made for being chosen. */
  readonly automatic: boolean;
  /** Several of them can be functions of one slot. */
  readonly aggregate?: boolean;
  /** The function it has to be; 0, or the first free one where functions aggregate. */
  readonly function?: number;
}

/** One PCI bus with the functions that are taken, by slot. */
export class PciBus {
  readonly model: string;
  readonly #kind: BusKind;
  readonly #reservedFor: PciNeed | undefined;
  readonly #functions = new Map<number, number>();
  readonly #aggregates = new Set<number>();

  /** @param reservedFor  nothing else is put here */
  constructor(model: string, reservedFor?: PciNeed) {
    this.model = model;
    this.#kind = BUS_KINDS[model] ?? UNKNOWN;
    this.#reservedFor = reservedFor;
  }

  accepts({need, automatic}: Pick<PciRequest, 'need' | 'automatic'>): boolean {
    if (this.#reservedFor !== undefined) return need === this.#reservedFor;
    return this.#kind.takes.includes(need) && (this.#kind.automatic || !automatic);
  }

  isSlotUsed(slot: number): boolean {
    return (this.#functions.get(slot) ?? 0) !== 0;
  }

  reserve(slot: number, fn: number, aggregate = false): void {
    if (!this.isSlotUsed(slot) && aggregate) this.#aggregates.add(slot);
    this.#functions.set(slot, (this.#functions.get(slot) ?? 0) | (1 << fn));
  }

  /** The first place for a request; undefined when the bus is full or of another kind. */
  findFree(request: PciRequest): {readonly slot: number; readonly function: number} | undefined {
    if (!this.accepts(request)) return undefined;
    for (let slot = this.#kind.minSlot; slot <= this.#kind.maxSlot; slot++) {
      if (!this.isSlotUsed(slot)) return {slot, function: request.function ?? 0};
      if (!request.aggregate || !this.#aggregates.has(slot)) continue;
      const fn = this.#freeFunction(slot);
      if (fn !== undefined) return {slot, function: fn};
    }
    return undefined;
  }

  /** Every slot has a device. */
  get isFull(): boolean {
    for (let slot = this.#kind.minSlot; slot <= this.#kind.maxSlot; slot++) if (!this.isSlotUsed(slot)) return false;
    return true;
  }

  #freeFunction(slot: number): number | undefined {
    const used = this.#functions.get(slot) ?? 0;
    for (let fn = 0; fn < 8; fn++) if ((used & (1 << fn)) === 0) return fn;
    return undefined;
  }
}
