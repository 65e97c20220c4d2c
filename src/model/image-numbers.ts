import type {DeviceDef} from './devices/device-def.ts';
import type {DiskDef} from './devices/disk.ts';
import type {BackingStore} from './devices/disk-backing.ts';
import type {DiskSource} from './devices/disk-source.ts';

/**
 * Numbers the images of all disks, by which their block nodes are named: the last disk's are the first, each from the
 * image that the guest sees down to the one at the bottom. Numbers from before are replaced.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessPrepareHostStorage, and docs/formatdomain, `index`
 */
export function numberImages(devices: readonly DeviceDef[]): readonly DeviceDef[] {
  let last = 0;
  const next = () => {
    last += 1;
    return last;
  };
  return devices
    .toReversed()
    .map(device => (device.kind === 'disk' ? numberDisk(device, next) : device))
    .toReversed();
}

function numberDisk(disk: DiskDef, next: () => number): DiskDef {
  const {source, backingStore} = disk;
  if (source === undefined || source.type === 'vhostuser') return disk;
  const numbered: DiskSource = {...source, index: next()};
  return {...disk, source: numbered, ...(backingStore ? {backingStore: numberBacking(backingStore, next)} : {})};
}

function numberBacking(store: BackingStore, next: () => number): BackingStore {
  if (store.source === undefined) return store;
  const index = next();
  return {...store, index, ...(store.backingStore ? {backingStore: numberBacking(store.backingStore, next)} : {})};
}

/** Numbers the images of a disk that comes to a guest which runs. @param taken  numbers in use */
export function numberNewImages(disk: DiskDef, taken: readonly number[]): DiskDef {
  let last = Math.max(0, ...taken);
  return numberDisk(disk, () => {
    last += 1;
    return last;
  });
}
