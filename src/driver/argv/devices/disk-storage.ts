import type {DiskDef} from '../../../model/devices/disk.ts';
import {pciName} from '../../../model/devices/host-paths.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {JsonObject} from '../qemu-arg.ts';
import {notYetSupported} from './device-context.ts';
import {refuseDisk} from './disk-refusal.ts';
import type {ImageLayer, ImageSource} from './image-layers.ts';
import {networkStorage} from './network-storage.ts';
import {reservationManagerId} from './reservations.ts';

/** The options of the node that reads and writes the bytes. @throws {VirtError} CONFIG_UNSUPPORTED for a source that QEMU cannot open */
export function storageOptions(layer: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  const {source} = layer;
  switch (source.type) {
    case 'file':
      if (source.fdgroup !== undefined) throw notYetSupported("<source fdgroup='...'> of a disk", input);
      return {driver: 'file', ...localOptions(source, layer, disk)};
    case 'block':
      return {driver: deviceDriver(source.path, disk, input), ...localOptions(source, layer, disk)};
    case 'dir':
      return directoryOptions(source.path, disk, input);
    case 'network':
      return networkStorage(source, layer, disk, input);
    case 'nvme':
      return {driver: 'nvme', device: pciName(source.address), namespace: source.namespace};
    case 'vhostvdpa':
      return {driver: 'virtio-blk-vhost-vdpa', path: source.path};
    case 'volume':
      throw refuseDisk(
        disk,
        input,
        `nobody here knows what the volume '${source.volume}' of the pool '${source.pool}' is`,
        "name the file or device itself, with type='file' or type='block'",
      );
  }
}

type LocalSource = Extract<ImageSource, {readonly type: 'file' | 'block'}>;

function localOptions(source: LocalSource, layer: ImageLayer, disk: DiskDef): JsonObject {
  return {
    filename: source.path,
    aio: disk.driver.io,
    'pr-manager': source.reservations ? reservationManagerId(layer) : undefined,
  };
}

/** A drive of the host, whose tray the guest may open, is known only on the host; other block devices may hold the image of a CD as well. */
function deviceDriver(path: string, {device}: DiskDef, {host}: ArgvInput): string {
  return device === 'cdrom' && host?.cdroms?.has(path) ? 'host_cdrom' : 'host_device';
}

/** What a directory that is shown as a FAT volume may not be. Source: libvirt 9.0.0, src/qemu/qemu_validate.c. @throws {VirtError} CONFIG_UNSUPPORTED */
export function requireVolume(disk: DiskDef, input: ArgvInput): void {
  const hint = "add <readonly/> to the disk, and <driver type='fat'/>";
  if (disk.driver.format !== 'fat') throw refuseDisk(disk, input, 'a directory can only be of format fat', hint);
  if (!disk.readonly) throw refuseDisk(disk, input, 'a directory can only be read', hint);
}

function directoryOptions(path: string, disk: DiskDef, input: ArgvInput): JsonObject {
  requireVolume(disk, input);
  return {driver: 'vvfat', dir: path, floppy: disk.device === 'floppy', rw: false};
}
