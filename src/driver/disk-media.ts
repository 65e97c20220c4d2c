import {stat} from 'node:fs/promises';
import {fileExists} from '../host/files.ts';
import type {DeviceDef} from '../model/devices/device-def.ts';
import type {DiskDef} from '../model/devices/disk.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';

/** A definition without the images that are not there and need not be. */
export interface PresentMedia {
  readonly def: DomainDef;
  /** What is missing, a sentence each. */
  readonly dropped: readonly string[];
}

/**
 * Leaves out what the definition calls optional and the host does not have: the medium of a drive, a whole disk.
 *
 * @see libvirt 9.0.0, docs/formatdomain, "Hard drives", startupPolicy, and src/qemu/qemu_domain.c, qemuDomainCheckDiskStartupPolicy
 */
export async function dropMissingMedia(def: DomainDef): Promise<PresentMedia> {
  const dropped: string[] = [];
  const devices: DeviceDef[] = [];
  for (const device of def.devices) {
    if (device.kind !== 'disk' || !(await isMissing(device))) devices.push(device);
    else {
      const drive = emptied(device);
      if (drive) devices.push(drive);
      const what = drive ? `the medium of '${device.target.dev}'` : `the disk '${device.target.dev}'`;
      dropped.push(`${what}: ${pathOf(device)} is not there`);
    }
  }
  return dropped.length === 0 ? {def, dropped} : {def: {...def, devices}, dropped};
}

async function isMissing(disk: DiskDef): Promise<boolean> {
  const {source} = disk;
  const isOptional = source !== undefined && 'startupPolicy' in source && source.startupPolicy === 'optional';
  const path = pathOf(disk);
  return isOptional && path !== undefined && !(await fileExists(path));
}

function pathOf({source}: DiskDef): string | undefined {
  return source?.type === 'file' || source?.type === 'block' ? source.path : undefined;
}

/** A drive without its medium; undefined for a disk, which is nothing without its image. */
function emptied(disk: DiskDef): DiskDef | undefined {
  if (disk.device !== 'cdrom' && disk.device !== 'floppy') return undefined;
  const {source: _source, backingStore: _below, ...drive} = disk;
  return drive;
}

/** The major number of SCSI CD-ROM drives, and of all that look so. Source: Linux, Documentation/admin-guide/devices.txt. */
const CDROM_MAJOR = 11;

/** Which block devices of the CD-ROM drives of a domain are such drives of the host. */
export async function findHostCdroms(def: DomainDef): Promise<ReadonlySet<string>> {
  const paths = devicesOf(def, 'disk').flatMap(({device, source}) =>
    device === 'cdrom' && source?.type === 'block' ? [source.path] : [],
  );
  const found = await Promise.all(paths.map(async path => ((await isCdrom(path)) ? [path] : [])));
  return new Set(found.flat());
}

async function isCdrom(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined); // the emulator says what is wrong with the path
  return found?.isBlockDevice() === true && majorOf(found.rdev) === CDROM_MAJOR;
}

/** Source: glibc, sys/sysmacros.h, gnu_dev_major. */
function majorOf(device: number): number {
  const bits = BigInt(device);
  return Number(((bits >> 8n) & 0xfffn) | ((bits >> 32n) & 0xfffff000n));
}
