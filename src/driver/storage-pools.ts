import {stat} from 'node:fs/promises';
import {VirtError} from '../base/virt-error.ts';
import {readTextIfThere} from '../host/files.ts';
import type {DiskSource} from '../model/devices/disk-source.ts';
import {type DomainDef, devicesOf} from '../model/domain-def.ts';
import {fileNameOf} from '../model/domain-path.ts';
import {parsePool, volumeOf, withVolumes} from '../model/storage-pool.ts';

type VolumeSource = Extract<DiskSource, {readonly type: 'volume'}>;

/**
 * A definition whose volumes are what they stand for.
 *
 * @param folder  of the pools, laid out as libvirt's `/etc/libvirt/storage`: `NAME.xml`
 * @throws {VirtError} NO_STORAGE_POOL for a pool that is not defined, NO_STORAGE_VOL for a volume that its pool does not name
 */
export async function resolveVolumes(def: DomainDef, folder: string): Promise<DomainDef> {
  const sources = devicesOf(def, 'disk').flatMap(({source}) => (source?.type === 'volume' ? [source] : []));
  if (sources.length === 0) return def;
  const found = new Map<VolumeSource, DiskSource>();
  for (const source of sources) found.set(source, await findVolume(source, folder));
  return withVolumes(def, source => found.get(source));
}

async function findVolume(source: VolumeSource, folder: string): Promise<DiskSource> {
  const {pool, volume} = source;
  const path = `${folder}/${fileNameOf(pool)}.xml`;
  const text = await readTextIfThere(path);
  const made = text === undefined ? 'it is not there' : parsePool(text);
  if (typeof made === 'string') {
    const why = `cannot find the volume '${volume}' of the pool '${pool}' in ${path}: ${made}`;
    throw new VirtError('NO_STORAGE_POOL', 'STORAGE', why, {
      hint: `put the pool's XML there, as libvirt has it in /etc/libvirt/storage, or name the file or device itself`,
    });
  }
  const found = volumeOf(made, source);
  if (found) return found.type === 'file' && (await isDirectory(found.path)) ? {type: 'dir', path: found.path} : found;
  const why = `cannot find the volume '${volume}': the pool '${pool}' of the type '${made.type}' does not say where it is`;
  throw new VirtError('NO_STORAGE_VOL', 'STORAGE', why, {hint: 'name the file, device or server of the disk itself'});
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined); // the emulator says what is wrong with the path
  return found?.isDirectory() === true;
}
