import {addressOfType} from './devices/address.ts';
import type {ControllerDef} from './devices/controller.ts';
import {USER_ALIAS_PREFIX} from './devices/device-base.ts';
import type {DeviceDef, DeviceKind} from './devices/device-def.ts';
import type {DiskDef} from './devices/disk.ts';
import {targetIndex} from './devices/disk-target.ts';
import {drivePlace} from './devices/drive-place.ts';
import type {MemoryDeviceDef} from './devices/memory-device.ts';
import {type DomainDef, devicesOf} from './domain-def.ts';
import {numberImages} from './image-numbers.ts';

/** What the aliases of a kind begin with; a number follows. Source: libvirt 9.0.0, src/qemu/qemu_alias.c. */
const PREFIXES = {
  filesystem: 'fs',
  interface: 'net',
  smartcard: 'smartcard',
  serial: 'serial',
  parallel: 'parallel',
  channel: 'channel',
  input: 'input',
  tpm: 'tpm',
  sound: 'sound',
  video: 'video',
  hostdev: 'hostdev',
  redirdev: 'redir',
  hub: 'hub',
  watchdog: 'watchdog',
  memballoon: 'balloon',
  rng: 'rng',
  panic: 'panic',
  shmem: 'shmem',
  crypto: 'crypto',
  iommu: 'iommu',
  vsock: 'vsock',
} as const satisfies Partial<Record<DeviceKind, string>>;

function hasPrefix(kind: DeviceKind): kind is keyof typeof PREFIXES {
  return Object.hasOwn(PREFIXES, kind);
}

/**
 * Names every device as libvirt names it, so that it can be found in the monitor: `ide0-0-0`, `virtio-disk0`, `net0`,
 * `serial0`, `console1`, ... The first console bears the alias of the serial line that it is. A user's own alias stays;
 * others are replaced: the result depends on the definition only. The images of its disks get their numbers.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_alias.c
 */
export function assignAliases(def: DomainDef): DomainDef {
  const counts = new Map<DeviceKind, number>();
  const memoryAlias = memoryAliases(def);
  const devices = def.devices.map(device => {
    const kind = countedKind(device);
    const index = counts.get(kind) ?? 0;
    counts.set(kind, index + 1);
    if (device.kind === 'disk') return withDiskAlias(device, def);
    return device.kind === 'memory' ? memoryAlias(device) : withAlias(device, index);
  });
  return {...def, devices: numberImages(devices)};
}

/** Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAssignDeviceMemoryAlias. */
const MEMORY_PREFIXES = {
  dimm: 'dimm',
  nvdimm: 'nvdimm',
  'virtio-pmem': 'virtiopmem',
  'virtio-mem': 'virtiomem',
  'sgx-epc': 'epc',
} as const satisfies Record<MemoryDeviceDef['model'], string>;

/** A module in a slot has the number of the slot, others the next one that is free among those of their model. */
function memoryAliases(def: DomainDef): (module: MemoryDeviceDef) => MemoryDeviceDef {
  const slotOf = (module: MemoryDeviceDef) => addressOfType(module, 'dimm')?.slot;
  const used = new Set(
    devicesOf(def, 'memory').flatMap(module => {
      const slot = slotOf(module);
      return slot === undefined ? [] : [`${MEMORY_PREFIXES[module.model]}${slot}`];
    }),
  );
  const next = (prefix: string) => {
    let number = 0;
    while (used.has(`${prefix}${number}`)) number++;
    used.add(`${prefix}${number}`);
    return number;
  };
  return module => {
    if (module.alias?.startsWith(USER_ALIAS_PREFIX)) return module;
    const prefix = MEMORY_PREFIXES[module.model];
    return {...module, alias: `${prefix}${slotOf(module) ?? next(prefix)}`};
  };
}

/** A network card of the host is one of the host's devices. */
function countedKind(device: DeviceDef): DeviceKind {
  return device.kind === 'interface' && device.type === 'hostdev' ? 'hostdev' : device.kind;
}

function withAlias(device: DeviceDef, index: number): DeviceDef {
  if ('alias' in device && device.alias?.startsWith(USER_ALIAS_PREFIX)) return device;
  const kind = countedKind(device);
  if (hasPrefix(kind)) return {...device, alias: `${PREFIXES[kind]}${index}`} as DeviceDef;
  switch (device.kind) {
    case 'controller':
      return {...device, alias: controllerAlias(device)};
    case 'console':
      return {...device, alias: device.targetType === 'serial' ? `serial${index}` : `console${index}`};
    case 'nvram':
      return {...device, alias: 'nvram'};
    default:
      return device;
  }
}

/** Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAssignDeviceControllerAlias; boards with other names are left aside. */
function controllerAlias({type, model, index = 0}: ControllerDef): string {
  if (type === 'pci') return model === 'pcie-root' ? 'pcie.0' : `pci.${index}`;
  if (index === 0 && (type === 'ide' || type === 'usb')) return type;
  return `${type}${index}`;
}

function withDiskAlias(disk: DiskDef, def: DomainDef): DiskDef {
  return disk.alias?.startsWith(USER_ALIAS_PREFIX) ? disk : {...disk, alias: diskAlias(disk, def)};
}

/** On a SCSI controller with targets, they are part of the alias. Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAssignDeviceDiskAlias. */
function diskAlias(disk: DiskDef, def: DomainDef): string {
  const {target} = disk;
  const address = drivePlace(disk);
  if (!address) return `${target.bus}-disk${targetIndex(target.dev) ?? 0}`;
  if (target.bus === 'scsi' && !isFlatScsi(address.controller, def)) {
    return `scsi${address.controller}-${address.bus}-${address.target}-${address.unit}`;
  }
  return `${target.bus}${address.controller}-${address.bus}-${address.unit}`;
}

/**
 * Whether a SCSI controller numbers its drives, as the parallel bus does; one that the definition does not name is
 * taken for such a bus.
 */
export function isFlatScsi(index: number, def: DomainDef): boolean {
  const own = devicesOf(def, 'controller').find(made => made.type === 'scsi' && (made.index ?? 0) === index);
  return own?.model === undefined || ['lsilogic', 'auto', 'am53c974', 'dc390'].includes(own.model);
}
