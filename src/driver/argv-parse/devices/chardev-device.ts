import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeDeviceBase} from './device-place.ts';

/** The XML's names of serial lines that are cards or plugs, by those of their devices. */
const SERIAL_TYPES: Readonly<Record<string, string>> = {'usb-serial': 'usb-serial', 'pci-serial': 'pci-serial'};

/** Reads a device with a character device behind it; false when the backend is not known. */
export function readChardevDevice(name: string, bag: OptionBag, draft: NativeDraft): boolean {
  const backend = claimChardev(bag.take('chardev'), draft);
  if (!backend) return false;
  bag.drop('nr');
  if (/^virtio-serial\d*\.0$/.test(bag.peek('bus') ?? '')) bag.drop('bus');
  const port = bag.takeNumber('index');
  const target = bag.take('name');
  const base = takeDeviceBase(bag);
  const count = (kind: string) => draft.devices.filter(device => device.kind === kind).length;
  switch (name) {
    case 'isa-serial':
      draft.devices.push({kind: 'serial', ...backend, port: port ?? count('serial'), ...base});
      return true;
    case 'isa-parallel':
      draft.devices.push({kind: 'parallel', ...backend, target: {port: port ?? count('parallel')}, ...base});
      return true;
    case 'virtconsole':
      draft.devices.push({kind: 'console', targetType: 'virtio', ...backend, port: count('console'), ...base});
      return true;
    case 'virtserialport':
      draft.devices.push({
        kind: 'channel',
        ...backend,
        target: {type: 'virtio', ...(target === undefined ? {} : {name: target})},
        ...base,
      });
      return true;
    case 'usb-redir':
      draft.devices.push({kind: 'redirdev', bus: 'usb', source: backend.source, ...base});
      return true;
    default:
      draft.devices.push({
        kind: 'serial',
        ...backend,
        target: {type: ownProperty(SERIAL_TYPES, name) ?? name, model: name},
        port: count('serial'),
        ...base,
      });
      return true;
  }
}

/** The devices that this file reads. */
export const CHARDEV_DEVICES: readonly string[] = [
  'isa-serial',
  'isa-parallel',
  'virtconsole',
  'virtserialport',
  'usb-redir',
  ...Object.keys(SERIAL_TYPES),
];
