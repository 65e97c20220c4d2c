import type {DeviceDef} from '../../../model/devices/device-def.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {ChardevBackend, NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
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
  const index = bag.takeNumber('index');
  const port = (kind: string) => index ?? draft.devices.filter(device => device.kind === kind).length;
  draft.devices.push({...deviceOf(name, backend, bag.take('name'), port), ...takeDeviceBase(bag)});
  return true;
}

function deviceOf(
  name: string,
  backend: ChardevBackend,
  target: string | undefined,
  port: (kind: string) => number,
): DeviceDef {
  switch (name) {
    case 'isa-serial':
      return {kind: 'serial', ...backend, port: port('serial')};
    case 'isa-parallel':
      return {kind: 'parallel', ...backend, target: {port: port('parallel')}};
    case 'virtconsole':
      return {kind: 'console', targetType: 'virtio', ...backend, port: port('console')};
    case 'virtserialport':
      return {kind: 'channel', ...backend, target: {type: 'virtio', ...omitUndefined({name: target})}};
    case 'usb-redir':
      return {kind: 'redirdev', bus: 'usb', source: backend.source};
    default: {
      const type = ownProperty(SERIAL_TYPES, name) ?? name;
      return {kind: 'serial', ...backend, target: {type, model: name}, port: port('serial')};
    }
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
