import type {HostResource} from './devices/device-codec.ts';
import {hostResourcesOf} from './devices/device-table.ts';
import {sourceResources} from './devices/disk-resources.ts';
import type {DomainDef} from './domain-def.ts';

export type {HostResource} from './devices/device-codec.ts';

/**
 * The one inventory of what a definition touches on the host: every file and device, in a fixed order (what the
 * guest boots with, then the devices). Ownership, labels, device ACLs and checks read it; none walks the devices itself.
 * A path that two devices share is there twice. The emulator binary is not part of it.
 */
export function hostResources(def: DomainDef): readonly HostResource[] {
  const {loader, nvram, kernel, initrd, dtb, acpiTable} = def.os;
  return [
    ...(loader ? [bootFile('loader', loader.path, loader.readonly || loader.type === 'rom')] : []),
    ...(nvram?.source
      ? sourceResources(nvram.source, {role: 'nvram', access: 'write', shared: false})
      : nvram?.path === undefined
        ? []
        : [bootFile('nvram', nvram.path, false)]),
    ...(kernel === undefined ? [] : [bootFile('kernel', kernel, true)]),
    ...(initrd === undefined ? [] : [bootFile('initrd', initrd, true)]),
    ...(dtb === undefined ? [] : [bootFile('dtb', dtb, true)]),
    ...(acpiTable?.path === undefined ? [] : [bootFile('acpi-table', acpiTable.path, true)]),
    ...firmwareFiles(def).map(path => bootFile('firmware-file', path, true)),
    ...def.devices.flatMap(device => hostResourcesOf(device)),
  ];
}

/** Files that `<sysinfo type='fwcfg'>` shows the guest. */
function firmwareFiles({sysinfos}: DomainDef): readonly string[] {
  return (sysinfos ?? []).flatMap(({entries}) => (entries ?? []).flatMap(({file}) => file ?? []));
}

function bootFile(role: HostResource['role'], path: string, readonly: boolean): HostResource {
  return {role, path, type: 'file', access: readonly ? 'read' : 'write', shared: readonly, created: false};
}
