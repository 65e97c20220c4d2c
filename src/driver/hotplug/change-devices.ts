import {problemsError} from '../../base/problem.ts';
import {VirtError} from '../../base/virt-error.ts';
import type {DeviceChangeOptions, DeviceChoice} from '../../model/device-change.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatState} from '../../model/domain-state.ts';
import {formatDomain} from '../../model/format-domain.ts';
import {parseDeviceXml} from '../../model/parse-device.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {Domain} from '../domain.ts';
import {attachLive} from './attach-live.ts';
import {detachLive} from './detach-live.ts';
import {findDevice, type WantedDevice, withoutDevice} from './find-device.ts';
import type {HotplugContext} from './hotplug-context.ts';
import {requireHotplug} from './hotplug-device.ts';
import {requireFreeTarget} from './place-device.ts';

export interface DeviceChangeContext extends HotplugContext {
  /** Told when a device has gone after its detachment had been given up. */
  readonly changed: () => void;
}

/**
 * Gives a domain a device: the guest that runs, the definition, or both. Called in the domain's queue.
 *
 * @returns what is worth knowing, a sentence each
 * @throws {VirtError} XML_ERROR for a device that is none, and as `attachLive`
 */
export async function attachDevice(
  domain: Domain,
  xml: string,
  options: DeviceChangeOptions,
  context: DeviceChangeContext,
): Promise<readonly string[]> {
  const device = readDevice(xml, context);
  const affects = affectedBy(domain, options);
  const config = affects.includes('config') ? withDevice(requireDefinition(domain), device, context) : undefined;
  const run = affects.includes('live') ? domain.requireRunning('attach a device to') : undefined;
  const warnings = run ? await attachLive(run, requireHotplug(device, 'hot plug', domain.name), context) : [];
  if (config) await save(domain, config, context);
  return warnings;
}

/** Takes a device from a domain, as `attachDevice` gives one. @throws {VirtError} as `detachLive` */
export async function detachDevice(
  domain: Domain,
  choice: DeviceChoice,
  options: DeviceChangeOptions,
  context: DeviceChangeContext,
): Promise<readonly string[]> {
  const wanted: WantedDevice = 'xml' in choice ? {like: readDevice(choice.xml, context)} : choice;
  const affects = affectedBy(domain, options);
  const def = affects.includes('config') ? requireDefinition(domain) : undefined;
  const config = def && withoutDevice(def, findDevice(def, wanted));
  const warnings = affects.includes('live') ? await detachLive(domain, wanted, context, context.changed) : [];
  if (config) await save(domain, config, context);
  return warnings;
}

function affectedBy(domain: Domain, {affects}: DeviceChangeOptions): readonly ('live' | 'config')[] {
  return affects ?? [domain.live ? 'live' : 'config'];
}

function readDevice(xml: string, {defaults}: HotplugContext): DeviceDef {
  const {device, problems} = parseDeviceXml(xml, defaults);
  if (device) return device;
  throw problemsError('cannot read the device', problems);
}

function requireDefinition(domain: Domain): DomainDef {
  const {def} = domain.parts;
  if (def) return def;
  const message = `cannot change the definition of domain '${domain.name}': it has none, it is ${formatState(domain.state)}`;
  throw new VirtError('OPERATION_INVALID', 'QEMU', message);
}

/** Read again, so that what does not fit the other devices is found as in a definition. */
function withDevice(def: DomainDef, device: DeviceDef, {defaults}: HotplugContext): DomainDef {
  if (device.kind === 'disk') requireFreeTarget(def, device);
  const {def: whole, problems} = parseDomain(formatDomain({...def, devices: [...def.devices, device]}), defaults);
  if (whole) return whole;
  throw problemsError(`cannot attach the device to domain '${def.name}'`, problems);
}

async function save(domain: Domain, def: DomainDef, {definitions}: HotplugContext): Promise<void> {
  await definitions.save(def);
  domain.parts.def = def;
}
