import type {MemoryDeviceDef} from '../../../model/devices/memory-device.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {type BackedMemory, claimThreads, takeBackedMemory} from '../settings/backed-memory.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';

type Model = MemoryDeviceDef['model'];

/** A memory module with the object that its bytes are in; false when that is not known, or says more than the XML can. */
function memory(model: Model): DeviceReader {
  return ({bag}, draft) => {
    const id = bag.peek('memdev') ?? '';
    const object = draft.objects.get(id);
    const backing = object && takeBackedMemory(object.backend, draft);
    if (!object || backing?.sizeKiB === undefined || !fits(model, backing)) return false;
    object.used = true;
    claimThreads(object.backend, draft);
    bag.take('memdev');
    // What the allocation of the whole guest's memory means for a module that plugs its memory in by itself.
    if (model === 'virtio-mem' && allocatesAtOnce(draft) && bag.peek('prealloc') === 'on') bag.take('prealloc');
    draft.devices.push({
      kind: 'memory',
      model,
      ...omitUndefined({access: backing.access, discard: backing.discard, uuid: bag.take('uuid')}),
      ...takeSource(model, backing),
      target: {
        sizeKiB: backing.sizeKiB,
        readonly: bag.takeSwitch('unarmed') ?? false,
        ...omitUndefined({
          node: bag.takeNumber('node'),
          labelSizeKiB: kib(bag, 'label-size'),
          blockKiB: kib(bag, 'block-size'),
          requestedKiB: kib(bag, 'requested-size'),
        }),
      },
      ...takeSlot(bag),
      ...takeDeviceBase(bag, draft),
    });
    return true;
  };
}

/** Whether other memory of the guest is there from the start, and not because it is made of huge pages. */
function allocatesAtOnce({objects}: Parameters<DeviceReader>[1]): boolean {
  return [...objects.values()].some(
    ({backend}) => backend.peek('prealloc') === 'on' && backend.peek('hugetlb') !== 'on',
  );
}

/** What libvirt has no word for in a module: what comes of where the whole guest's memory is. */
function fits(model: Model, {path, isWhole}: BackedMemory): boolean {
  return isWhole && (model !== 'nvdimm' || path !== undefined);
}

function takeSource(model: Model, backing: BackedMemory): Pick<MemoryDeviceDef, 'source'> {
  const {path, nodemask, pagesizeKiB, alignsizeKiB, pmem} = backing;
  const isFile = model === 'nvdimm' || model === 'virtio-pmem';
  const source = isFile
    ? omitUndefined({path, alignsizeKiB, pmem: pmem ?? false})
    : omitUndefined({nodemask, pagesizeKiB, pmem: false});
  const isSaid = isFile || nodemask !== undefined || pagesizeKiB !== undefined;
  return isSaid ? {source} : {};
}

function kib(bag: OptionBag, key: string): bigint | undefined {
  const bytes = bag.peek(key);
  if (bytes === undefined || !/^\d{1,18}$/.test(bytes) || BigInt(bytes) % 1024n !== 0n) return undefined;
  bag.take(key);
  return BigInt(bytes) / 1024n;
}

/** A slot is for modules; what sits on PCI has another address. */
function takeSlot(bag: OptionBag): Pick<MemoryDeviceDef, 'address'> {
  const slot = bag.takeNumber('slot');
  const base = bag.takeBig('addr');
  return slot === undefined ? {} : {address: {type: 'dimm', slot, ...omitUndefined({base})}};
}

/** Memory that can be plugged in. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMemoryDeviceProps. */
export const MEMORY_DEVICES: DeviceReaders = {
  'pc-dimm': memory('dimm'),
  nvdimm: memory('nvdimm'),
  'virtio-mem': memory('virtio-mem'),
  'virtio-pmem': memory('virtio-pmem'),
};
