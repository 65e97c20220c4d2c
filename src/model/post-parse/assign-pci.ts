import type {DeviceDef, DeviceKind} from '../devices/device-def.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import {reserveChipset} from './chipset-slots.ts';
import type {CompletionFacts} from './completion-facts.ts';
import {ensureController, isUsb2} from './controllers.ts';
import {boardOf} from './machine-board.ts';
import {PciBus, type PciRequest} from './pci-bus.ts';
import {PciBuses} from './pci-buses.ts';
import {completePciControllers} from './pci-controllers.ts';
import {PciPlan, pciPlaceOf} from './pci-plan.ts';
import {pciStyle} from './pci-request.ts';

/**
 * Gives every PCI device a place, and adds the bridges and ports that they need.
 * First it is found out which buses are needed, then the places are given on them.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignPCIAddresses
 */
export function assignPciAddresses(def: DomainDef, facts: CompletionFacts): DomainDef {
  const last = lastPciIndex(def);
  if (last < 0) return def;
  const grown = addBuses(def, facts, last);
  const plan = planOf(grown, facts, false);
  reserveChipset(boardOf(grown), plan);
  placeDevices(plan);
  return completePciControllers(markMultifunction({...grown, devices: plan.devices}), facts);
}

function lastPciIndex(def: DomainDef): number {
  const pci = devicesOf(def, 'controller').filter(({type}) => type === 'pci');
  return Math.max(-1, ...pci.map(({index}) => index ?? 0));
}

function hasRoot(def: DomainDef, model: 'pci-root' | 'pcie-root'): boolean {
  return devicesOf(def, 'controller').some(made => made.type === 'pci' && made.index === 0 && made.model === model);
}

/** The definition with the controllers of all buses that it takes to place everything. */
function addBuses(def: DomainDef, facts: CompletionFacts, last: number): DomainDef {
  const plan = planOf(def, facts, true);
  reserveChipset(boardOf(def), plan);
  // Room for one device more, so that a bridge is there before it is needed.
  if (hasRoot(def, 'pci-root') && !plan.buses.isFull) plan.reserveSpare('pci-device');
  placeDevices(plan);
  const isNew = last <= 0 && plan.buses.models.length > last + 1;
  if (isNew && hasRoot(def, 'pcie-root')) plan.reserveSpare('pcie-device');
  let grown = def;
  const {models} = plan.buses;
  for (const [index, model] of models.entries()) {
    if (index === 0) continue;
    const before = grown;
    grown = ensureController(grown, 'pci', index, model);
    const added =
      grown === before ? undefined : devicesOf(grown, 'controller').find(c => c.type === 'pci' && c.index === index);
    const request = added && plan.requestOf(added);
    if (request) plan.buses.reserveNext(request);
  }
  return plan.buses.models.length > models.length ? addBuses(grown, facts, last) : grown;
}

function planOf(def: DomainDef, facts: CompletionFacts, mayGrow: boolean): PciPlan {
  const pcie = hasRoot(def, 'pcie-root');
  const options = {mayGrow, hasPcieToPciBridge: facts.devices.has('pcie-pci-bridge')};
  const buses = new PciBuses(busesOf(def, pcie), options);
  const plan = new PciPlan(def.devices, buses, pciStyle(pcie, facts));
  for (const device of def.devices) {
    const place = pciPlaceOf(device);
    if (place) buses.reserveGiven(place, plan.requestOf(device) ?? ANY_PCI);
  }
  return plan;
}

/** A device that is said to be on PCI, although its kind is not known to be. */
const ANY_PCI: PciRequest = {need: 'pci-device', automatic: false};

/** A bus for each controller; an index that is left out gets the kind that is usual. */
function busesOf(def: DomainDef, pcie: boolean): readonly PciBus[] {
  const controllers = devicesOf(def, 'controller').filter(({type}) => type === 'pci');
  const count = lastPciIndex(def) + 1;
  return Array.from({length: count}, (_, index) => {
    const controller = controllers.find(candidate => candidate.index === index);
    const usual = index === 0 ? 'pci-root' : pcie ? 'pcie-root-port' : 'pci-bridge';
    return new PciBus(controller?.model ?? usual);
  });
}

/** The order in which kinds get their places: that of QEMU before 0.12, so that old guests keep theirs. */
const ORDER: readonly DeviceKind[] = [
  'filesystem',
  'interface',
  'sound',
  'controller',
  'disk',
  'hostdev',
  'memballoon',
  'rng',
  'watchdog',
  'video',
  'shmem',
  'input',
  'serial',
  'iommu',
  'vsock',
  'memory',
  'crypto',
];

/** Source: libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainAssignDevicePCISlots. */
function placeDevices(plan: PciPlan): void {
  const ofKind = (kind: DeviceKind) => plan.devices.filter(device => placedKind(device) === kind);
  const isPci = (device: DeviceDef) => device.kind === 'controller' && device.type === 'pci';
  for (const bridge of ofKind('controller').filter(isPci)) if (plan.wantsPci(bridge)) plan.placeNext(bridge);
  for (const kind of ORDER) {
    for (const device of ofKind(kind)) if (!isPci(device) && plan.wantsPci(device)) placeDevice(plan, device);
  }
}

/** A network card of the host gets its place with the host's other devices. */
function placedKind(device: DeviceDef): DeviceKind {
  return device.kind === 'interface' && device.type === 'hostdev' ? 'hostdev' : device.kind;
}

function placeDevice(plan: PciPlan, device: DeviceDef): void {
  if (device.kind === 'controller' && isUsb2(device)) placeUsb2(plan, device);
  else if (device.kind !== 'controller' || device.type !== 'ide' || device.index !== 0) plan.placeNext(device);
}

const USB2_FUNCTIONS: Readonly<Record<string, number>> = {
  'ich9-ehci1': 7,
  'ich9-uhci1': 0,
  'ich9-uhci2': 1,
  'ich9-uhci3': 2,
};

/** The parts of a USB 2 controller are functions of one slot. */
function placeUsb2(plan: PciPlan, device: Extract<DeviceDef, {kind: 'controller'}>): void {
  const fn = USB2_FUNCTIONS[device.model ?? ''] ?? 0;
  const multifunction = fn === 0 ? {multifunction: true} : {};
  const partner = plan.devices.find(
    other => other.kind === 'controller' && isUsb2(other) && other.index === device.index && pciPlaceOf(other),
  );
  const place = partner && pciPlaceOf(partner);
  if (place)
    plan.place(device, {domain: place.domain, bus: place.bus, slot: place.slot, function: fn, ...multifunction});
  else plan.placeNext(device, fn);
}

/** The first function of a slot says that there are others. */
function markMultifunction(def: DomainDef): DomainDef {
  const shared = new Set(def.devices.flatMap(device => slotKey(device, fn => fn !== 0)));
  const devices = def.devices.map((device): DeviceDef => {
    if (!('address' in device) || device.address?.type !== 'pci' || device.address.domain === undefined) return device;
    const [key] = slotKey(device, fn => fn === 0);
    if (key === undefined || !shared.has(key) || device.address.multifunction !== undefined) return device;
    return {...device, address: {...device.address, multifunction: true}} as DeviceDef;
  });
  return {...def, devices};
}

function slotKey(device: DeviceDef, isWanted: (fn: number) => boolean): readonly string[] {
  const place = pciPlaceOf(device);
  return place && isWanted(place.function) ? [`${place.domain}:${place.bus}:${place.slot}`] : [];
}
