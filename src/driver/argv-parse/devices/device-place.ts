import type {DeviceAddress} from '../../../model/devices/address.ts';
import type {ControllerType} from '../../../model/devices/controller.ts';
import type {DeviceBase} from '../../../model/devices/device-base.ts';
import {USER_ALIAS_PREFIX} from '../../../model/devices/device-base.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';

type PlacedBase = Pick<DeviceBase, 'address' | 'boot' | 'alias' | 'rom' | 'acpi'>;

/** What `-device` says of any device: place, boot order, ROM, and the user's own alias; each part that is understood is taken. */
export function takeDeviceBase(bag: OptionBag, draft: NativeDraft): PlacedBase {
  const order = bag.takeNumber('bootindex');
  const id = bag.take('id');
  const acpiIndex = bag.takeNumber('acpi-index');
  return omitUndefined({
    address: takeAddress(bag, draft),
    boot: order === undefined || order < 1 ? undefined : {order},
    alias: id?.startsWith(USER_ALIAS_PREFIX) ? id : undefined,
    rom: takeRom(bag),
    acpi: acpiIndex === undefined ? undefined : {index: acpiIndex},
  });
}

/** An empty name of a file is no ROM. */
function takeRom(bag: OptionBag): DeviceBase['rom'] {
  const bar = rombar(bag);
  const file = bag.peek('romfile');
  if (file === '') bag.take('romfile');
  const path = file?.startsWith('/') ? bag.take('romfile') : undefined;
  const rom = omitUndefined({enabled: file === '' ? false : undefined, bar, file: path});
  return Object.keys(rom).length > 0 ? rom : undefined;
}

function rombar(bag: OptionBag): boolean | undefined {
  const word = bag.takeWord('rombar', ['0', '1', 'on', 'off']);
  return word === undefined ? undefined : word === '1' || word === 'on';
}

/** Takes the place of a device, whatever kind of bus it is on. */
function takeAddress(bag: OptionBag, draft: NativeDraft): DeviceAddress | undefined {
  return takePci(bag, draft) ?? takeUsb(bag, draft) ?? takeChannel(bag) ?? takeRegister(bag) ?? takeIsa(bag);
}

/** `bus=pci.0,addr=0x4.0x1`; behind a port there is one slot. */
function takePci(bag: OptionBag, draft: NativeDraft): DeviceAddress | undefined {
  const name = bag.peek('bus');
  const bus = name === undefined ? 0 : busIndex(name, 'pci', draft);
  const slot = /^(?:0x)?([0-9A-Fa-f]{1,2})(?:\.(?:0x)?([0-7]))?$/.exec(bag.peek('addr') ?? '');
  if (bus === undefined || (!slot && (bag.peek('addr') !== undefined || bus === 0))) {
    // The only bus of its kind, which is where the device goes without a word.
    if (bus === 0) bag.drop('bus');
    return undefined;
  }
  bag.drop('bus', 'addr');
  const multifunction = bag.takeSwitch('multifunction');
  return {
    type: 'pci',
    domain: 0,
    bus,
    slot: Number.parseInt(slot?.[1] ?? '0', 16) & 0x1f,
    function: Number(slot?.[2] ?? 0),
    ...(multifunction === undefined ? {} : {multifunction}),
  };
}

const ROOTS: readonly string[] = ['pci', 'pci.0', 'pcie', 'pcie.0'];

/** The number of the controller that a bus belongs to: one that the line has, or one named as libvirt names them. */
export function busIndex(bus: string, type: ControllerType, draft: NativeDraft): number | undefined {
  if (type === 'pci' && ROOTS.includes(bus)) return 0;
  const named = draft.buses.get(type === 'pci' ? bus : bus.replace(/\.\d+$/, ''));
  if (named?.type === type) return named.index;
  return named === undefined && type === 'usb' && bus === 'usb-bus.0' ? 0 : undefined;
}

function takeUsb(bag: OptionBag, draft: NativeDraft): DeviceAddress | undefined {
  const name = bag.peek('bus');
  const port = bag.peek('port');
  const bus = name === undefined ? 0 : busIndex(name, 'usb', draft);
  if (bus === undefined || (port !== undefined && !/^\d{1,3}(\.\d{1,3}){0,3}$/.test(port))) return undefined;
  if (name === undefined && port === undefined) return undefined;
  bag.drop('bus', 'port');
  return port === undefined && bus === 0 ? undefined : {type: 'usb', bus, ...omitUndefined({port})};
}

/** `devno=fe.0.0001` of S/390. */
function takeChannel(bag: OptionBag): DeviceAddress | undefined {
  const match = /^([0-9a-f]{1,2})\.([0-3])\.([0-9a-f]{1,4})$/i.exec(bag.peek('devno') ?? '');
  if (!match) return undefined;
  bag.take('devno');
  const [cssid, ssid, devno] = match.slice(1).map(part => Number.parseInt(part, 16));
  return {type: 'ccw', ...omitUndefined({cssid, ssid, devno})};
}

/** `reg=` of pSeries. */
function takeRegister(bag: OptionBag): DeviceAddress | undefined {
  const reg = bag.takeBig('reg');
  return reg === undefined ? undefined : {type: 'spapr-vio', reg};
}

function takeIsa(bag: OptionBag): DeviceAddress | undefined {
  const iobase = bag.takeNumber('iobase') ?? bag.takeNumber('ioport');
  const irq = bag.takeNumber('irq');
  return iobase === undefined && irq === undefined ? undefined : {type: 'isa', ...omitUndefined({iobase, irq})};
}
