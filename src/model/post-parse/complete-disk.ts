import type {DiskDef} from '../devices/disk.ts';
import type {BackingStore} from '../devices/disk-backing.ts';
import type {DiskSource, EncryptionDef} from '../devices/disk-source.ts';

/** Fills in what a disk does not say. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDeviceDiskDefPostParse. */
export function completeDisk(disk: DiskDef): DiskDef {
  const {source, encryption, backingStore} = disk;
  return {
    ...disk,
    ...(source ? {source: withUnit(withEngine(source))} : {}),
    ...(encryption ? {encryption: completeEncryption(encryption)} : {}),
    ...(backingStore ? {backingStore: completeBacking(backingStore)} : {}),
  };
}

function completeBacking(store: BackingStore): BackingStore {
  const {source, backingStore} = store;
  return {
    ...store,
    ...(source ? {source: withEngine(source)} : {}),
    ...(backingStore ? {backingStore: completeBacking(backingStore)} : {}),
  };
}

/** The emulator itself opens an encrypted image, unless another one is named. */
function completeEncryption(encryption: EncryptionDef): EncryptionDef {
  return {engine: 'qemu', ...encryption};
}

function withEngine(source: DiskSource): DiskSource {
  if (!('encryption' in source) || source.encryption === undefined) return source;
  return {...source, encryption: completeEncryption(source.encryption)};
}

/** The first logical unit is meant when none is named. */
function withUnit(source: DiskSource): DiskSource {
  if (source.type !== 'network' || source.protocol !== 'iscsi') return source;
  return source.name === undefined || source.name.includes('/') ? source : {...source, name: `${source.name}/0`};
}
