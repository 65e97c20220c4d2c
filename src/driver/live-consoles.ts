import type {ChardevDef} from '../model/devices/chardev.ts';
import type {DeviceDef} from '../model/devices/device-def.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {fileNameOf} from '../model/domain-path.ts';
import type {InstancePaths} from './instance-paths.ts';
import type {LiveConsole} from './live-status.ts';

/**
 * Every line gets a log of its own, in which QEMU writes all that the guest says; one that the definition names is kept.
 * No domain's own log has such a name: a `~` in a domain's name is written `%7E`.
 */
export function withConsoleLogs(def: DomainDef, paths: InstancePaths): DomainDef {
  const logOf = (chardev: ChardevDef) => ({
    file: `${paths.log}/${fileNameOf(def.name)}~${chardev.alias ?? chardev.kind}.log`,
    append: true,
  });
  const devices = def.devices.map(device =>
    isChardev(device) && device.source.type === 'pty' && !device.log ? {...device, log: logOf(device)} : device,
  );
  return {...def, devices};
}

/** The definition with the ptys that the emulator has made; their chardevs are named `char` and the alias. */
export function withPtys(def: DomainDef, ptys: ReadonlyMap<string, string>): DomainDef {
  const devices = def.devices.map(device => {
    if (!isChardev(device) || device.source.type !== 'pty') return device;
    const path = ptys.get(`char${device.alias}`);
    return path === undefined ? device : {...device, source: {type: 'pty' as const, path}};
  });
  return {...def, devices};
}

/** The lines that can be opened; a console that is the first serial line's other name is that line. */
export function liveConsoles(def: DomainDef): readonly LiveConsole[] {
  const consoles = new Map<string, LiveConsole>();
  for (const device of def.devices) {
    if (!isChardev(device) || device.alias === undefined || consoles.has(device.alias)) continue;
    consoles.set(device.alias, {
      alias: device.alias,
      kind: device.kind,
      ...(device.source.type === 'pty' && device.source.path !== undefined ? {pty: device.source.path} : {}),
      ...(device.log ? {log: device.log.file} : {}),
    });
  }
  return [...consoles.values()];
}

function isChardev(device: DeviceDef): device is ChardevDef {
  return device.kind === 'serial' || device.kind === 'console';
}
