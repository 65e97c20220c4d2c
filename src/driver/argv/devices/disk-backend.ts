import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DiskSource} from '../../../model/devices/disk-source.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type JsonObject, jsonArg, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, notYetSupported} from './device-context.ts';
import {storageOptions} from './disk-storage.ts';

/** The options that open an image, and the name under which a device takes it. */
export interface DiskBackend {
  readonly args: readonly QemuArg[];
  readonly drive: string;
}

/** How the image of a disk is opened; undefined for an empty drive. */
export function buildDiskBackend(disk: DiskDef, input: ArgvInput): DiskBackend | undefined {
  const {source} = disk;
  if (source === undefined) return undefined;
  refuseWishes(disk, input);
  if (input.caps.flags.has('blockdev')) return blockNodes(disk, source, input);
  if (source.type !== 'file' && source.type !== 'block') throw notYetSupported(`<disk type='${source.type}'>`, input);
  return oldDrive(disk, source);
}

type LocalSource = Extract<DiskSource, {readonly type: 'file' | 'block'}>;

/** A CD-ROM is never written, whatever the XML says. */
function isReadOnly(disk: DiskDef): boolean {
  return disk.readonly || disk.device === 'cdrom';
}

/** Two nodes: the bytes on the host, and their format over them. Locks are QEMU's default. */
function blockNodes(disk: DiskDef, source: DiskSource, input: ArgvInput): DiskBackend {
  const alias = aliasOf(disk);
  const [storage, format] = [`${alias}-storage`, `${alias}-format`];
  const cache = cacheOptions(disk.driver.cache);
  return {
    drive: format,
    args: [
      jsonArg('-blockdev', {
        ...storageOptions(source, disk, input),
        'node-name': storage,
        'auto-read-only': true,
        discard: 'unmap',
        cache,
      }),
      jsonArg('-blockdev', {
        'node-name': format,
        'read-only': isReadOnly(disk),
        discard: disk.driver.discard,
        'detect-zeroes': detectZeroes(disk.driver),
        cache,
        driver: disk.driver.format,
        file: storage,
      }),
    ],
  };
}

/** Without unmapping, zeroes cannot be unmapped. Source: libvirt 9.0.0, src/qemu/qemu_domain.c, qemuDomainDiskGetDetectZeroesMode. */
function detectZeroes({detectZeroes: mode, discard}: DiskDef['driver']): string | undefined {
  return mode === 'unmap' && discard !== 'unmap' ? 'on' : mode;
}

/** What would make another disk of it when it were left out. */
function refuseWishes(disk: DiskDef, input: ArgvInput): void {
  const isEncrypted = disk.encryption ?? (disk.source && 'encryption' in disk.source && disk.source.encryption);
  if (isEncrypted) throw notYetSupported('<encryption> of a disk', input);
  if (disk.auth) throw notYetSupported('<auth> of a disk', input);
  if (disk.transient) throw notYetSupported('<transient> of a disk', input);
  if (disk.driver.copyOnRead === true) throw notYetSupported("<driver copy_on_read='on'>", input);
}

/** The part of a cache mode that opening the image decides; the rest is the device's `write-cache`. */
function cacheOptions(cache: DiskDef['driver']['cache']): JsonObject | undefined {
  if (cache === undefined || cache === 'default') return undefined;
  return {direct: cache === 'none' || cache === 'directsync', 'no-flush': cache === 'unsafe'};
}

/** Emulators before `-blockdev`: one `-drive` without an interface. */
function oldDrive(disk: DiskDef, source: LocalSource): DiskBackend {
  const drive = `drive-${aliasOf(disk)}`;
  const options = {
    file: source.path,
    if: 'none',
    id: drive,
    format: disk.driver.format,
    readonly: isReadOnly(disk) ? true : undefined,
    cache: disk.driver.cache === 'default' ? undefined : disk.driver.cache,
  };
  return {drive, args: [optionsArg('-drive', options)]};
}
