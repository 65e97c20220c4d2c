import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';

export type VirtioModel = 'virtio' | 'virtio-transitional' | 'virtio-non-transitional';

/** A virtio device without the bus that is part of its name. */
export interface VirtioName {
  /** E.g. `virtio-net`, `vhost-vsock`. */
  readonly base: string;
  readonly model: VirtioModel;
}

/** Takes `virtio-net-pci-non-transitional` apart; undefined for what is no virtio device. */
export function virtioName(name: string): VirtioName | undefined {
  const match = /^((?:virtio|vhost)-[a-z0-9-]+?)(?:-(?:pci|ccw|device))?(-transitional|-non-transitional)?$/.exec(name);
  if (!match?.[1]) return undefined;
  const model = match[2] === '-transitional' ? 'virtio-transitional' : match[2] ? 'virtio-non-transitional' : 'virtio';
  return {base: match[1], model};
}

/** The model, which before the names with an ending was said with two switches. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildVirtioDevGetConfigDev. */
export function takeVirtioModel(model: VirtioModel, bag: OptionBag): VirtioModel {
  const legacy = bag.peek('disable-legacy');
  const modern = bag.peek('disable-modern');
  if (model !== 'virtio' || (legacy !== 'on' && legacy !== 'off') || modern !== 'off') return model;
  bag.drop('disable-legacy', 'disable-modern');
  return legacy === 'on' ? 'virtio-non-transitional' : 'virtio-transitional';
}

/** What every virtio device understands. */
export function takeVirtioOptions(bag: OptionBag) {
  return omitUndefined({
    iommu: bag.takeSwitch('iommu_platform'),
    ats: bag.takeSwitch('ats'),
    packed: bag.takeSwitch('packed'),
    pagePerVq: bag.takeSwitch('page-per-vq') ?? bag.takeSwitch('page_per_vq'),
  });
}

/** The same as a `<driver>` that has nothing else; nothing where nothing is said. */
export function takeVirtioDriver(bag: OptionBag) {
  const driver = takeVirtioOptions(bag);
  return Object.keys(driver).length > 0 ? {driver} : {};
}

/** `iothread=`: the number of the thread; one that is not known stays. */
export function takeIothread(bag: OptionBag, draft: NativeDraft): number | undefined {
  const number = draft.iothreads.get(bag.peek('iothread') ?? '');
  if (number !== undefined) bag.take('iothread');
  return number;
}
