import {VirtError} from '../../base/virt-error.ts';
import {readTextIfThere} from '../../host/files.ts';
import {type NetworkDef, parseNetwork} from '../../model/network-def.ts';

/** Where libvirt's daemon keeps the networks of the whole host. */
const LIBVIRT_NETWORKS = '/etc/libvirt/qemu/networks';

/** The folders that networks are looked for in, ours first. @param definitions  the instance's folder of definitions */
export function networkFolders(definitions: string): readonly string[] {
  return [`${definitions}/networks`, LIBVIRT_NETWORKS];
}

/**
 * Reads the definition of a network of the host.
 *
 * @throws {VirtError} NO_NETWORK, saying where it was looked for and what else can be written; XML_ERROR for a file that is no network
 */
export async function findNetwork(name: string, folders: readonly string[]): Promise<NetworkDef> {
  const paths = isFileName(name) ? folders.map(folder => `${folder}/${name}.xml`) : [];
  for (const path of paths) {
    const text = await readTextIfThere(path);
    if (text === undefined) continue;
    const network = parseNetwork(text);
    if (typeof network !== 'string') return network;
    throw new VirtError('XML_ERROR', 'NETWORK', `cannot use network '${name}': ${path}: ${network}`);
  }
  const looked = paths.length === 0 ? 'no file can have such a name' : `there is no ${paths.join(' and no ')}`;
  throw new VirtError('NO_NETWORK', 'NETWORK', `cannot find network '${name}': ${looked}`, {
    hint:
      "put libvirt's XML of the network there ('virsh net-dumpxml'), or write <interface type='bridge'> with " +
      "<source bridge='BRIDGE'/>, or <interface type='user'>",
  });
}

function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}
