import {automaticCid} from '../model/devices/vsock.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {assignAliases} from '../model/live-def.ts';
import {assignUsbPorts} from '../model/post-parse/assign-usb.ts';
import type {ArgvSettings} from './argv/argv-input.ts';
import {withLiveScreens} from './argv/live-screens.ts';
import {guestRunDir, type InstancePaths} from './instance-paths.ts';
import {withConsoleLogs} from './live-consoles.ts';

/**
 * The definition of a run as far as it can be told before: ports of USB devices, aliases, logs of lines, where screens
 * listen, the number of its socket device; no TCP ports yet.
 */
export function liveDefinition(def: DomainDef, paths: InstancePaths, settings: ArgvSettings): DomainDef {
  const named = withConsoleLogs(assignAliases(assignUsbPorts(def)), paths);
  return withLiveScreens(withLiveCid(named), guestRunDir(paths, def.uuid), settings);
}

function withLiveCid(def: DomainDef): DomainDef {
  const cid = {auto: true, address: automaticCid(def.uuid)};
  const devices = def.devices.map(device =>
    device.kind === 'vsock' && (device.cid?.auto || device.cid?.address === undefined) ? {...device, cid} : device,
  );
  return {...def, devices};
}
