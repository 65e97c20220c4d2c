import {VirtError} from '../../base/virt-error.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {DiskDef} from '../../model/devices/disk.ts';
import type {HostdevDef} from '../../model/devices/hostdev.ts';

/** A device that comes and goes while its guest runs. */
export type HotplugDevice = DiskDef | HostdevDef;

/** Buses from which a guest may lose a disk. */
const DISK_BUSES: readonly string[] = ['virtio', 'scsi', 'usb'];

/**
 * Refuses by name what cannot come or go while a guest runs.
 *
 * @param does  `hot plug` or `hot unplug`
 * @throws {VirtError} OPERATION_UNSUPPORTED
 */
export function requireHotplug(device: DeviceDef, does: 'hot plug' | 'hot unplug', domain: string): HotplugDevice {
  const why = device.kind === 'disk' ? whyNoDisk(device) : undefined;
  if (device.kind === 'disk' && why === undefined) return device;
  if (device.kind === 'hostdev' && device.host.type === 'usb') return device;
  const what = why ?? (device.kind === 'hostdev' ? `<hostdev type='${device.host.type}'>` : `<${device.kind}>`);
  throw new VirtError('OPERATION_UNSUPPORTED', 'QEMU', `domain '${domain}': ${does} of ${what} is not supported`, {
    hint: 'change the definition for its next start: add --config',
  });
}

function whyNoDisk({target, source, transient, encryption}: DiskDef): string | undefined {
  if (!DISK_BUSES.includes(target.bus)) return `a disk on the ${target.bus} bus`;
  if (transient) return 'a transient disk';
  if (source && source.type !== 'file' && source.type !== 'block') return `a disk of type '${source.type}'`;
  if (encryption || (source && 'encryption' in source && source.encryption)) return 'an encrypted disk';
  if (source && 'reservations' in source && source.reservations) return 'a disk with reservations';
  return undefined;
}

/** As its owner knows it: `disk 'vdb'`, or by its alias. */
export function nameOf(device: HotplugDevice): string {
  return device.kind === 'disk' ? `disk '${device.target.dev}'` : `device '${device.alias ?? 'hostdev'}' of the host`;
}
