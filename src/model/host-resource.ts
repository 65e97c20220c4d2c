import type {HostResource} from './devices/device-codec.ts';
import {hostResourcesOf} from './devices/device-table.ts';
import type {DomainDef} from './domain-def.ts';

export type {HostResource} from './devices/device-codec.ts';

/**
 * The one inventory of what a definition touches on the host: every file and device, in a fixed order (firmware,
 * kernel, initrd, then the devices). Ownership, labels, device ACLs and checks read it; none walks the devices itself.
 * A path that two devices share is there twice. The emulator binary is not part of it.
 */
export function hostResources(def: DomainDef): readonly HostResource[] {
  const {loader, kernel, initrd} = def.os;
  return [
    ...(loader ? [bootFile('loader', loader.path, loader.readonly || loader.type === 'rom')] : []),
    ...(kernel === undefined ? [] : [bootFile('kernel', kernel, true)]),
    ...(initrd === undefined ? [] : [bootFile('initrd', initrd, true)]),
    ...def.devices.flatMap(device => hostResourcesOf(device)),
  ];
}

function bootFile(role: 'loader' | 'kernel' | 'initrd', path: string, readonly: boolean): HostResource {
  return {role, path, type: 'file', access: readonly ? 'read' : 'write', shared: readonly, created: false};
}
