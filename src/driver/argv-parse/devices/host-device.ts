import type {PciAddress} from '../../../model/devices/address.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {takeDeviceBase} from './device-place.ts';

/** `[DOMAIN:]BUS:SLOT.FUNCTION`, hexadecimal. */
export function parsePciHost(text: string): PciAddress | undefined {
  const match = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([01]?[0-9a-f])\.([0-7])$/i.exec(text);
  if (!match) return undefined;
  const [domain, bus, slot, func] = match.slice(1).map(part => Number.parseInt(part ?? '0', 16));
  return {domain: domain ?? 0, bus: bus ?? 0, slot: slot ?? 0, function: func ?? 0};
}

/** `-pcidevice`, of KVM before `-device`. */
export function readPcidevice(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const address = parsePciHost(bag.take('host') ?? '');
  if (!address) {
    draft.keep(arg, 'its host is no PCI address');
    return;
  }
  bag.drop('id', 'dma', 'name');
  draft.devices.push(pciHostdev(address));
  draft.warnRest(arg, bag);
}

function pciHostdev(address: PciAddress) {
  return {
    kind: 'hostdev' as const,
    mode: 'subsystem' as const,
    host: {type: 'pci' as const, managed: true, source: {address}},
    readonly: false,
    shareable: false,
  };
}

/** A USB device of the host: by its makers' numbers or by its place. */
export function usbHostdev(source: {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly address?: {readonly bus: number; readonly device: number};
}) {
  return {
    kind: 'hostdev' as const,
    mode: 'subsystem' as const,
    host: {type: 'usb' as const, managed: false, source},
    readonly: false,
    shareable: false,
  };
}

/** `vfio-pci`, `pci-assign` and `usb-host` of `-device`; false when the host's device is not named as the XML names it. */
export function readHostDevice(name: string, bag: OptionBag, draft: NativeDraft): boolean {
  if (name === 'usb-host') return readUsbHost(bag, draft);
  const address = parsePciHost(bag.take('host') ?? '');
  if (!address) return false;
  draft.devices.push({...pciHostdev(address), ...takeDeviceBase(bag)});
  return true;
}

function readUsbHost(bag: OptionBag, draft: NativeDraft): boolean {
  const vendorId = bag.takeNumber('vendorid');
  const productId = bag.takeNumber('productid');
  const bus = bag.takeNumber('hostbus');
  const device = bag.takeNumber('hostaddr');
  const address = bus === undefined || device === undefined ? undefined : {bus, device};
  if (vendorId === undefined && !address) return false;
  draft.devices.push({...usbHostdev(omitUndefined({vendorId, productId, address})), ...takeDeviceBase(bag)});
  return true;
}
