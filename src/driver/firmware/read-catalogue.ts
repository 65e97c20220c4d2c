import {listNames} from '../../host/file-identity.ts';
import {readFact} from '../../host/host-facts.ts';
import {decodeFirmwareDescriptor, type FirmwareDescriptor, type UnusableDescriptor} from './firmware-descriptor.ts';
import type {FirmwareCatalogue} from './resolve-firmware.ts';

/** The folders of the whole host, the admin's before those of packages. Source: QEMU 7.2, docs/interop/firmware.json. */
const HOST_FOLDERS = ['/etc/qemu/firmware', '/usr/share/qemu/firmware'];

/** Where firmware is described, the most important first; a user's own counts for guests of that user alone. */
export function firmwareFolders(user?: {readonly configHome: string}): readonly string[] {
  return [...(user ? [`${user.configHome}/qemu/firmware`] : []), ...HOST_FOLDERS];
}

/**
 * Reads what firmware a host has. A file hides those of its name in the folders behind; an empty one hides and is none.
 * The names give the order of preference.
 *
 * @param folders  the most important first; one that is not there has none
 */
export async function readFirmwareCatalogue(folders: readonly string[]): Promise<FirmwareCatalogue> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const name of await listNames(folder)) {
      if (name.endsWith('.json') && !files.has(name)) files.set(name, `${folder}/${name}`);
    }
  }
  const paths = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const texts = await Promise.all(paths.map(async path => ({path, text: await readFact(path)})));
  return catalogueOf(texts, folders);
}

/** @param texts  of the descriptors in the order of preference; undefined for one that cannot be read */
export function catalogueOf(
  texts: readonly {readonly path: string; readonly text: string | undefined}[],
  searched: readonly string[],
): FirmwareCatalogue {
  const descriptors: FirmwareDescriptor[] = [];
  const unusable: UnusableDescriptor[] = [];
  for (const {path, text} of texts) {
    if (text?.trim() === '') continue;
    const read = text === undefined ? {path, why: 'it cannot be read'} : decodeFirmwareDescriptor(path, text);
    if ('why' in read) unusable.push(read);
    else descriptors.push(read);
  }
  return {descriptors, unusable, searched};
}
