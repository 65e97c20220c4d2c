import type {DiskDef} from '../../../model/devices/disk.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type JsonObject, jsonArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf} from './device-context.ts';

/** The options that open an image, and the name under which a device takes it. */
export interface DiskBackend {
  readonly args: readonly QemuArg[];
  readonly drive: string;
}

/** How the image of a disk is opened; undefined for an empty drive. */
export function buildDiskBackend(disk: DiskDef, {caps}: ArgvInput): DiskBackend | undefined {
  if (disk.source === undefined) return undefined;
  return caps.flags.has('blockdev') ? blockNodes(disk, disk.source) : oldDrive(disk, disk.source);
}

/** A CD-ROM is never written, whatever the XML says. */
function isReadOnly(disk: DiskDef): boolean {
  return disk.readonly || disk.device === 'cdrom';
}

/** Two nodes: the bytes on the host, and their format over them. Locks are QEMU's default. */
function blockNodes(disk: DiskDef, source: NonNullable<DiskDef['source']>): DiskBackend {
  const alias = aliasOf(disk);
  const [storage, format] = [`${alias}-storage`, `${alias}-format`];
  const cache = cacheOptions(disk.cache);
  return {
    drive: format,
    args: [
      jsonArg('-blockdev', {
        driver: source.type === 'block' ? 'host_device' : 'file',
        filename: source.path,
        'node-name': storage,
        'auto-read-only': true,
        discard: 'unmap',
        cache,
      }),
      jsonArg('-blockdev', {
        'node-name': format,
        'read-only': isReadOnly(disk),
        cache,
        driver: disk.format,
        file: storage,
      }),
    ],
  };
}

/** The part of a cache mode that opening the image decides; the rest is the device's `write-cache`. */
function cacheOptions(cache: DiskDef['cache']): JsonObject | undefined {
  if (cache === undefined || cache === 'default') return undefined;
  return {direct: cache === 'none' || cache === 'directsync', 'no-flush': cache === 'unsafe'};
}

/** Emulators before `-blockdev`: one `-drive` without an interface. */
function oldDrive(disk: DiskDef, source: NonNullable<DiskDef['source']>): DiskBackend {
  const drive = `drive-${aliasOf(disk)}`;
  const options = {
    file: source.path,
    if: 'none',
    id: drive,
    format: disk.format,
    readonly: isReadOnly(disk) ? true : undefined,
    cache: disk.cache === 'default' ? undefined : disk.cache,
  };
  return {drive, args: [optionsArg('-drive', options)]};
}
