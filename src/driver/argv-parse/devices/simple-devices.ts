import type {DeviceBase} from '../../../model/devices/device-base.ts';
import type {DeviceDef} from '../../../model/devices/device-def.ts';
import type {OptionBag} from '../option-bag.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';
import {takeVirtioDriver, takeVirtioModel, type VirtioModel} from './virtio-device.ts';

/** Makes a device of what is its own, from what every device has. */
function simple(make: (base: DeviceBase, bag: OptionBag) => DeviceDef): DeviceReader {
  return ({bag}, draft) => {
    const base = takeDeviceBase(bag, draft);
    draft.devices.push(make(base, bag));
    return true;
  };
}

function usbInput(type: 'mouse' | 'tablet' | 'keyboard'): DeviceReader {
  return simple(base => ({kind: 'input', type, bus: 'usb', ...base}));
}

/** The plain model is the one that is not said. */
function ownModel(model: VirtioModel | undefined, bag: OptionBag): {readonly model?: VirtioModel} {
  const taken = takeVirtioModel(model ?? 'virtio', bag);
  return taken === 'virtio' ? {} : {model: taken};
}

function virtioInput(type: 'mouse' | 'tablet' | 'keyboard'): DeviceReader {
  return ({bag, model}, draft) => {
    const own = ownModel(model, bag);
    draft.devices.push({
      kind: 'input',
      type,
      bus: 'virtio',
      ...own,
      ...takeVirtioDriver(bag),
      ...takeDeviceBase(bag, draft),
    });
    return true;
  };
}

/** A device of the host that is one of input. */
const hostInput: DeviceReader = ({bag, model}, draft) => {
  const evdev = bag.peek('evdev');
  if (evdev === undefined || !evdev.startsWith('/')) return false;
  bag.take('evdev');
  const own = ownModel(model, bag);
  const more = {...takeVirtioDriver(bag), ...takeDeviceBase(bag, draft)};
  draft.devices.push({kind: 'input', type: 'passthrough', bus: 'virtio', ...own, source: {evdev}, ...more});
  return true;
};

const balloon: DeviceReader = ({bag, model}, draft) => {
  const autodeflate = bag.takeSwitch('deflate-on-oom');
  const freePageReporting = bag.takeSwitch('free-page-reporting');
  draft.devices.push({
    kind: 'memballoon',
    model: takeVirtioModel(model ?? 'virtio', bag),
    ...(autodeflate === undefined ? {} : {autodeflate}),
    ...(freePageReporting === undefined ? {} : {freePageReporting}),
    ...takeVirtioDriver(bag),
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

function watchdog(model: 'i6300esb' | 'ib700' | 'diag288'): DeviceReader {
  return simple(base => ({kind: 'watchdog', model, action: 'reset', ...base}));
}

/** Devices that are nothing but what they are. Source: libvirt 9.0.0, src/qemu/qemu_command.c, the names of each model. */
export const SIMPLE_DEVICES: DeviceReaders = {
  'usb-tablet': usbInput('tablet'),
  'usb-mouse': usbInput('mouse'),
  'usb-kbd': usbInput('keyboard'),
  'virtio-tablet': virtioInput('tablet'),
  'virtio-mouse': virtioInput('mouse'),
  'virtio-keyboard': virtioInput('keyboard'),
  'virtio-input-host': hostInput,
  i6300esb: watchdog('i6300esb'),
  ib700: watchdog('ib700'),
  diag288: watchdog('diag288'),
  'virtio-balloon': balloon,
  pvpanic: simple(base => ({kind: 'panic', model: 'isa', ...base})),
  'pvpanic-pci': simple(base => ({kind: 'panic', model: 'pvpanic', ...base})),
  'usb-hub': simple(base => ({kind: 'hub', type: 'usb', ...base})),
};
