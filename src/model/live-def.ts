import type {DeviceDef} from './devices/device-def.ts';
import type {DiskDef} from './devices/disk.ts';
import {driveAddress, targetIndex} from './devices/disk-target.ts';
import type {DomainDef} from './domain-def.ts';

/**
 * Names every device as libvirt names it, so that it can be found in the monitor: `ide0-0-0`, `virtio-disk0`, `net0`,
 * `serial0`, `console1`, ... The first console bears the alias of the serial line that it is. Aliases that are there already
 * are replaced: the result depends on the definition only.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_alias.c
 */
export function assignAliases(def: DomainDef): DomainDef {
  const counts = new Map<DeviceDef['kind'], number>();
  const devices = def.devices.map(device => {
    const index = counts.get(device.kind) ?? 0;
    counts.set(device.kind, index + 1);
    return withAlias(device, index);
  });
  return {...def, devices};
}

function withAlias(device: DeviceDef, index: number): DeviceDef {
  switch (device.kind) {
    case 'disk':
      return {...device, alias: diskAlias(device)};
    case 'interface':
      return {...device, alias: `net${index}`};
    case 'serial':
      return {...device, alias: `serial${index}`};
    case 'console':
      return {...device, alias: device.targetType === 'serial' ? `serial${index}` : `console${index}`};
    case 'graphics':
      return device;
  }
}

/** Source: libvirt 9.0.0, src/qemu/qemu_alias.c, qemuAssignDeviceDiskAlias; SCSI as on the LSI controller, without a target. */
function diskAlias({target}: DiskDef): string {
  const address = driveAddress(target.bus, target.dev);
  if (!address) return `virtio-disk${targetIndex(target.dev) ?? 0}`;
  return `${target.bus}${address.controller}-${address.bus}-${address.unit}`;
}
