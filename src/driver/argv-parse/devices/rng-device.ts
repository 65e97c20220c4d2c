import type {RngDef} from '../../../model/devices/rng.ts';
import {claimChardev} from '../chardevs/ports.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReaders} from './device-reader.ts';
import {takeVirtioDriver, takeVirtioModel} from './virtio-device.ts';

/** A source of random numbers with a file, a daemon or the emulator's own behind it. */
export const RNG_DEVICES: DeviceReaders = {
  'virtio-rng': ({bag, model}, draft) => {
    const backend = claimBackend(bag, draft);
    if (!backend) return false;
    const bytes = bag.takeNumber('max-bytes');
    const periodMs = bag.takeNumber('period');
    draft.devices.push({
      kind: 'rng',
      model: takeVirtioModel(model ?? 'virtio', bag),
      backend,
      ...(bytes === undefined ? {} : {rate: omitUndefined({bytes, periodMs})}),
      ...takeVirtioDriver(bag),
      ...takeDeviceBase(bag, draft),
    });
    return true;
  },
};

/** Without an object of its own the device reads the emulator's. Source: QEMU 7.2, hw/virtio/virtio-rng.c, virtio_rng_device_realize. */
function claimBackend(bag: OptionBag, draft: NativeDraft): RngDef['backend'] | undefined {
  const id = bag.take('rng');
  if (id === undefined) return {model: 'builtin'};
  const object = draft.objects.get(id);
  const backend = object && backendOf(object.backend, draft);
  if (backend) object.used = true;
  return backend;
}

function backendOf(object: OptionBag, draft: NativeDraft): RngDef['backend'] | undefined {
  switch (object.peek('qom-type')) {
    case 'rng-builtin':
      return {model: 'builtin'};
    case 'rng-random':
      return {model: 'random', ...omitUndefined({path: object.take('filename')})};
    case 'rng-egd': {
      const source = claimChardev(object.peek('chardev'), draft)?.source;
      return source && {model: 'egd', source};
    }
    default:
      return undefined;
  }
}
