import {SERIAL_TARGETS, type SerialDef, type SerialTargetType} from '../../../model/devices/chardev.ts';
import type {DeviceDef} from '../../../model/devices/device-def.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {ChardevBackend, NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeDeviceBase} from './device-place.ts';

/** Serial lines that are no ISA port, by their devices. */
const SERIAL_DEVICES: Readonly<Record<string, NonNullable<SerialDef['target']>>> = Object.fromEntries(
  Object.entries(SERIAL_TARGETS)
    .filter(([type]) => type !== 'isa-serial' && type !== 'system-serial')
    .flatMap(([type, models]) => models.map(model => [model, {type: type as SerialTargetType, model}])), // the decoder
);

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
    default:
      return {
        kind: 'serial',
        ...backend,
        ...omitUndefined({target: ownProperty(SERIAL_DEVICES, name)}),
        port: port('serial'),
      };
  }
}

/** The devices that this file reads. */
export const CHARDEV_DEVICES: readonly string[] = [
  'isa-serial',
  'isa-parallel',
  'virtconsole',
  'virtserialport',
  'usb-redir',
  ...Object.keys(SERIAL_DEVICES),
];
