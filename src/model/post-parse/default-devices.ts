import {isX86} from '../arch.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import type {InputDef} from '../devices/input.ts';
import {type DomainDef, devicesOf} from '../domain-def.ts';
import type {CompletionFacts} from './completion-facts.ts';
import {ensureController, withControllers} from './controllers.ts';
import {boardOf} from './machine-board.ts';

/**
 * Adds what every guest of a board has: its mouse and keyboard, the controllers that are soldered on, a USB controller and
 * a memory balloon.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDefAddDefaultDevices
 */
export function addDefaultDevices(def: DomainDef, facts: CompletionFacts): DomainDef {
  return addBalloon(addBoardControllers(addInputs(def), facts));
}

function withDevices(def: DomainDef, ...added: readonly DeviceDef[]): DomainDef {
  return {...def, devices: [...def.devices, ...added]};
}

function addInputs(def: DomainDef): DomainDef {
  if (!isX86(def.os.arch)) return def;
  const inputs = devicesOf(def, 'input');
  const has = (type: InputDef['type']) =>
    inputs.some(input => input.type === type && (input.bus === 'ps2' || input.bus === undefined));
  const missing = (['mouse', 'keyboard'] as const).filter(type => !has(type));
  return withDevices(def, ...missing.map((type): InputDef => ({kind: 'input', type, bus: 'ps2'})));
}

function addBoardControllers(def: DomainDef, facts: CompletionFacts): DomainDef {
  const board = boardOf(def);
  if (board === 'i440fx') return ensureRoot(ensureUsb(def, undefined), 'pci-root');
  if (board !== 'q35') return def;
  const usb = usbForPcie(facts);
  return ensureRoot(ensureController(usb ? ensureUsb(def, usb) : def, 'sata', 0), 'pcie-root');
}

/** The newest that the emulator has. */
function usbForPcie({devices}: CompletionFacts): string | undefined {
  if (devices.has('qemu-xhci')) return 'qemu-xhci';
  if (devices.has('nec-usb-xhci')) return 'nec-xhci';
  return devices.has('ich9-usb-ehci1') ? 'ich9-ehci1' : undefined;
}

const COMPANIONS = [
  ['ich9-uhci1', 0],
  ['ich9-uhci2', 2],
  ['ich9-uhci3', 4],
] as const;

function ensureUsb(def: DomainDef, model: string | undefined): DomainDef {
  const known = devicesOf(def, 'controller').some(({type, index}) => type === 'usb' && index === 0);
  const made = ensureController(def, 'usb', 0, model);
  if (known || model !== 'ich9-ehci1') return made;
  const companions = COMPANIONS.map(([name, startport]) => ({
    kind: 'controller' as const,
    type: 'usb' as const,
    index: 0,
    model: name,
    master: {startport},
  }));
  return withControllers(made, [...devicesOf(made, 'controller'), ...companions]);
}

function ensureRoot(def: DomainDef, model: 'pci-root' | 'pcie-root'): DomainDef {
  return ensureController(def, 'pci', 0, model);
}

function addBalloon(def: DomainDef): DomainDef {
  if (boardOf(def) === 'other' || devicesOf(def, 'memballoon').length > 0) return def;
  return withDevices(def, {kind: 'memballoon', model: 'virtio'});
}
