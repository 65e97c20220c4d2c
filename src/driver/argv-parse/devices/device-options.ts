import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {addCard} from '../nets/nets.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {parseOption} from '../parse-option.ts';
import {CHARDEV_DEVICES, readChardevDevice} from './chardev-device.ts';
import {readController} from './controllers.ts';
import {takeDeviceBase} from './device-place.ts';
import {readDiskDevice} from './disk-device.ts';
import {readHostDevice} from './host-device.ts';
import {SIMPLE_DEVICES} from './simple-devices.ts';

const HOST_DEVICES: readonly string[] = ['vfio-pci', 'pci-assign', 'kvm-pci-assign', 'usb-host'];

/** Codecs of a sound card, which the XML implies. */
const IMPLIED: readonly string[] = ['hda-duplex', 'hda-micro', 'hda-output'];

/** The emulator's names of the virtio card. */
const VIRTIO_CARDS: readonly string[] = ['virtio-net', 'virtio-net-pci', 'virtio-net-ccw', 'virtio-net-device'];

/** The key under which libvirt hands over secrets. Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuDomainGetMasterKeyAlias. */
const MASTER_KEY = 'masterKey0';

/** `-device`, once every backend is known; one that is not understood is kept, with what it names. */
export function addDevice(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'driver');
  const name = bag.take('driver') ?? '';
  const dropped = draft.problems.errorCount;
  if (!readAny(name, bag, arg, draft)) {
    draft.keep(arg);
    return;
  }
  if (draft.problems.errorCount === dropped) draft.warnRest(arg, bag);
}

function readAny(name: string, bag: OptionBag, arg: NativeArg, draft: NativeDraft): boolean {
  if (bag.peek('netdev') !== undefined) return readCard(name, bag, draft);
  if (CHARDEV_DEVICES.includes(name)) return readChardevDevice(name, bag, draft);
  if (HOST_DEVICES.includes(name)) return readHostDevice(name, bag, draft);
  if (IMPLIED.includes(name)) {
    bag.drop('id', 'bus', 'cad');
    return true;
  }
  if (name.startsWith('virtio-rng')) return readRng(bag, draft);
  if (readDiskDevice(name, bag, arg, draft)) return true;
  const controller = readController(name, bag);
  if (controller) {
    draft.devices.push(controller);
    return true;
  }
  const make = ownProperty(SIMPLE_DEVICES, name);
  if (!make) return false;
  // The sizes are those that libvirt's driver always writes for the adapter.
  bag.drop('ram_size', 'vram_size', 'vram64_size_mb', 'vgamem_mb', 'max_outputs');
  draft.devices.push(make(takeDeviceBase(bag)));
  return true;
}

function readCard(name: string, bag: OptionBag, draft: NativeDraft): boolean {
  const netdev = bag.take('netdev') ?? '';
  const mac = bag.take('mac');
  const model = VIRTIO_CARDS.includes(name) ? 'virtio' : name;
  return addCard(netdev, omitUndefined({mac, model}), draft, takeDeviceBase(bag));
}

/** A source of random numbers with the file or the emulator's own behind it. */
function readRng(bag: OptionBag, draft: NativeDraft): boolean {
  const object = draft.objects.get(bag.peek('rng') ?? '');
  const type = object?.backend.peek('qom-type');
  if (!object || (type !== 'rng-random' && type !== 'rng-builtin')) return false;
  bag.take('rng');
  object.used = true;
  const path = object.backend.take('filename');
  const bytes = bag.takeNumber('max-bytes');
  const periodMs = bag.takeNumber('period');
  draft.devices.push({
    kind: 'rng',
    model: 'virtio',
    backend: type === 'rng-builtin' ? {model: 'builtin'} : {model: 'random', ...omitUndefined({path})},
    ...(bytes === undefined ? {} : {rate: omitUndefined({bytes, periodMs})}),
    ...takeDeviceBase(bag),
  });
  return true;
}

/** `-object`: kept for the device that names it. */
export function readObject(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'qom-type');
  const id = bag.take('id');
  if (id === undefined) {
    draft.keep(arg, 'it has no id');
    return;
  }
  if (id === MASTER_KEY) {
    draft.note(arg, 'the driver makes its own key for secrets at every start');
    return;
  }
  draft.objects.set(id, {backend: bag, arg, used: false});
}
