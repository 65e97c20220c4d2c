import type {DeviceAddress} from '../../../model/devices/address.ts';
import {
  type ConsoleDef,
  SERIAL_TARGETS,
  type SerialDef,
  type SerialTargetType,
} from '../../../model/devices/chardev.ts';
import type {DeviceDef} from '../../../model/devices/device-def.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {ChardevBackend, NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {busIndex, takeDeviceBase} from './device-place.ts';
import type {DeviceOption, DeviceReader, DeviceReaders} from './device-reader.ts';
import {redirFilterOf} from './redir-filter.ts';

/** What a device is besides its backend; `nextPort` counts those of a kind. */
type Make = (backend: ChardevBackend, bag: OptionBag, nextPort: (kind: string) => number) => DeviceDef;

/** Reads a device with a character device behind it; false when the backend is not known. */
function withChardev(make: Make): DeviceReader {
  return ({bag}, draft) => {
    const backend = claimChardev(bag.peek('chardev'), draft);
    if (!backend) return false;
    bag.take('chardev');
    const index = bag.takeNumber('index');
    const nextPort = (kind: string) => index ?? draft.devices.filter(device => device.kind === kind).length;
    const device = make(backend, bag, nextPort);
    draft.devices.push({...device, ...takePort(bag, draft), ...takeDeviceBase(bag, draft)});
    return true;
  };
}

/** `bus=virtio-serial0.0,nr=1`: the port on a controller for them. */
function takePort(bag: OptionBag, draft: NativeDraft): {readonly address?: DeviceAddress} {
  const bus = bag.peek('bus');
  const controller = bus === undefined ? undefined : busIndex(bus, 'virtio-serial', draft);
  if (controller === undefined) return {};
  bag.take('bus');
  const port = bag.takeNumber('nr');
  return port === undefined && controller === 0
    ? {}
    : {address: {type: 'virtio-serial', controller, bus: 0, ...omitUndefined({port})}};
}

/** Serial lines that are no ISA port, by their devices. */
const SERIAL_DEVICES: DeviceReaders = Object.fromEntries(
  Object.entries(SERIAL_TARGETS)
    .filter(([type]) => type !== 'isa-serial' && type !== 'system-serial')
    .flatMap(([type, models]) => models.map(model => [model, serial({type: type as SerialTargetType, model})])), // the decoder
);

function serial(target: NonNullable<SerialDef['target']>): DeviceReader {
  return withChardev((backend, _bag, port) => ({kind: 'serial', ...backend, target, port: port('serial')}));
}

const virtioConsole = withChardev((backend, _bag, port) => ({
  kind: 'console',
  targetType: 'virtio',
  ...backend,
  port: port('console'),
}));

/** Where libvirt's ids do not begin with 0 the serial line is the first console. */
function lineConsole({bag}: DeviceOption, draft: NativeDraft): ConsoleDef | undefined {
  const line = draft.devices.find(device => device.kind === 'serial');
  const isFurther = /^console[1-9]\d*$/.test(bag.peek('id') ?? '') && draft.chardevs.has(bag.peek('chardev') ?? '');
  if (!line || !isFurther || draft.devices.some(({kind}) => kind === 'console')) return undefined;
  return {kind: 'console', targetType: 'serial', source: line.source, port: 0};
}

/** The devices that this file reads. */
export const CHARDEV_DEVICES: DeviceReaders = {
  'isa-serial': withChardev((backend, _bag, port) => ({kind: 'serial', ...backend, port: port('serial')})),
  ...SERIAL_DEVICES,
  'isa-parallel': withChardev((backend, _bag, port) => ({
    kind: 'parallel',
    ...backend,
    target: {port: port('parallel')},
  })),
  virtconsole: (option, draft) => {
    const before = lineConsole(option, draft);
    if (before) draft.devices.push(before);
    return virtioConsole(option, draft);
  },
  virtserialport: withChardev((backend, bag) => ({
    kind: 'channel',
    ...backend,
    target: {type: 'virtio', ...omitUndefined({name: bag.take('name')})},
  })),
  'usb-redir': (option, draft) => {
    const {bag} = option;
    const filter = bag.peek('filter');
    const rules = filter === undefined ? undefined : redirFilterOf(filter);
    const read = withChardev(({source}) => ({kind: 'redirdev', bus: 'usb', source}));
    if (!read(option, draft)) return false;
    const earlier = draft.devices.find(device => device.kind === 'redirfilter');
    if (rules && !earlier) draft.devices.push({kind: 'redirfilter', rules});
    // One filter is for all.
    if (rules && (!earlier || JSON.stringify(earlier.rules) === JSON.stringify(rules))) bag.take('filter');
    return true;
  },
};
