import type {DeviceAddress} from '../../../model/devices/address.ts';
import type {OptionBag} from '../option-bag.ts';

/** What `-device` says of any device: place, boot order, and the user's own alias; each part that is understood is taken. */
export function takeDeviceBase(bag: OptionBag): {
  readonly address?: DeviceAddress;
  readonly boot?: {readonly order: number};
  readonly alias?: string;
} {
  const order = bag.takeNumber('bootindex');
  const id = bag.take('id');
  const address = takeAddress(bag);
  return {
    ...(address ? {address} : {}),
    ...(order === undefined || order < 1 ? {} : {boot: {order}}),
    ...(id?.startsWith('ua-') ? {alias: id} : {}),
  };
}

/** `bus=pci.0,addr=0x4.0x1`, `bus=usb.0,port=1`. */
function takeAddress(bag: OptionBag): DeviceAddress | undefined {
  const bus = bag.peek('bus') ?? '';
  const pci = /^pci(?:e)?\.(\d{1,3})$/.exec(bus);
  const slot = /^(?:0x)?([0-9A-Fa-f]{1,2})(?:\.(?:0x)?([0-7]))?$/.exec(bag.peek('addr') ?? '');
  if (slot && (pci || bus === '')) {
    bag.drop('bus', 'addr');
    const multifunction = bag.takeSwitch('multifunction');
    return {
      type: 'pci',
      domain: 0,
      bus: Number(pci?.[1] ?? 0),
      slot: Number.parseInt(slot[1] ?? '0', 16) & 0x1f,
      function: Number(slot[2] ?? 0),
      ...(multifunction === undefined ? {} : {multifunction}),
    };
  }
  const usb = /^usb(\d{0,3})\.0$/.exec(bus);
  const port = bag.peek('port');
  if (usb && port !== undefined) {
    bag.drop('bus', 'port');
    return {type: 'usb', bus: Number(usb[1] || 0), port};
  }
  // The only bus of its kind, which is where the device goes without a word.
  if (pci?.[1] === '0' || usb?.[1] === '') bag.drop('bus');
  return undefined;
}
