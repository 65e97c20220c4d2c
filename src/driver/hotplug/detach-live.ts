import {setTimeout as wait} from 'node:timers/promises';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {appendText} from '../../host/files.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatDomain} from '../../model/format-domain.ts';
import type {MonitorClient, QmpEvent} from '../../monitor/monitor-client.ts';
import {QmpCommandError} from '../../monitor/qmp-client.ts';
import {exchangeDevices} from '../cgroup/exchange-devices.ts';
import type {Domain} from '../domain.ts';
import {releaseSome} from '../grants/grant-files.ts';
import {planLiveGrants} from '../grants/plan-live-grants.ts';
import {domainLogPath, grantRegistry} from '../instance-paths.ts';
import {stamp} from '../launch.ts';
import type {RunningDomain} from '../running-domain.ts';
import {readNodeNames} from './block-nodes.ts';
import {findDevice, type WantedDevice, withoutDevice} from './find-device.ts';
import {argvInputOf, type HotplugContext, readLive} from './hotplug-context.ts';
import {type HotplugDevice, nameOf, requireHotplug} from './hotplug-device.ts';
import {deviceCommands, removalOf} from './plan-attach.ts';

/** How long a guest may take to let go of a device. libvirt 9.0.0, src/qemu/qemu_hotplug.c, waits as long. */
const UNPLUG_TIMEOUT_MS = 5_000;

/** A device that went by somebody else's command is unknown by then, and still lets go of its image. */
const RELEASE_TIMEOUT_MS = 2_000;
const RELEASE_RECHECK_MS = 50;

/** The guest has been asked and has not let go of the device: it may do so later. */
class StillPluggedError extends VirtError {}

/**
 * Takes a device from a guest that runs: asks the guest, waits, closes its files and gives them back. A guest that lets go
 * of it later gets it taken then.
 *
 * @param changed  told when that has happened later
 * @returns what is worth knowing, a sentence each
 * @throws {VirtError} OPERATION_TIMEOUT when the guest does not let go of it, OPERATION_FAILED when it refuses; it has the
 *   device then as before
 */
export async function detachLive(
  domain: Domain,
  wanted: WantedDevice,
  context: HotplugContext,
  changed: () => void,
): Promise<readonly string[]> {
  const run = domain.requireRunning('detach a device of');
  const live = readLive(run, 'detach a device of', context);
  const device = requireHotplug(findDevice(live, wanted), 'hot unplug', live.name);
  await argvInputOf(live, context); // refuses before the guest is asked
  try {
    await unplug(run.monitor, device, live.name);
  } catch (error) {
    if (error instanceof StillPluggedError) followLater(domain, run, device, context, changed);
    throw error;
  }
  return clearAway(run, live, device, context);
}

/** Asks for a device and waits until the guest has let go of it. @throws {VirtError} as `detachLive` */
export async function unplug(monitor: MonitorClient, device: HotplugDevice, domain?: string): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const of = domain === undefined ? '' : ` of domain '${domain}'`;
  const fail = (code: 'OPERATION_FAILED' | 'OPERATION_ABORTED', why: string) =>
    gone.reject(new VirtError(code, 'QEMU', `cannot detach ${nameOf(device)}${of}: ${why}`));
  const timer = setTimeout(() => gone.reject(stillPlugged(device, of)), UNPLUG_TIMEOUT_MS);
  const events = monitor.onEvent(event => {
    if (isGone(event, device)) gone.resolve();
    if (isRefused(event, device)) fail('OPERATION_FAILED', 'the guest refuses to let go of it');
  });
  const closed = monitor.onClosed(() => fail('OPERATION_ABORTED', 'the guest has ended'));
  try {
    await monitor.execute('device_del', {id: device.alias ?? ''});
    await gone.promise;
  } catch (error) {
    // It went while nobody listened, or by somebody's own command.
    if (!(error instanceof QmpCommandError) || error.qemuClass !== 'DeviceNotFound') throw error;
  } finally {
    gone.promise.catch(() => {}); // of a request that the emulator refused, nobody waits for the answer
    clearTimeout(timer);
    events.dispose();
    closed.dispose();
  }
}

function stillPlugged(device: HotplugDevice, of: string): VirtError {
  const why = `the guest did not let go of it in ${UNPLUG_TIMEOUT_MS / 1000} s`;
  return new StillPluggedError('OPERATION_TIMEOUT', 'QEMU', `cannot detach ${nameOf(device)}${of}: ${why}`, {
    hint: 'a PCI device goes when the guest runs an operating system that gives it up; when it does later, it is taken then',
  });
}

function isGone({name, data}: QmpEvent, {alias}: HotplugDevice): boolean {
  return name === 'DEVICE_DELETED' && data.device === alias;
}

/** Of QEMU 6.2 and later; before, a guest that refuses just does not answer. */
function isRefused({name, data}: QmpEvent, {alias}: HotplugDevice): boolean {
  return name === 'DEVICE_UNPLUG_GUEST_ERROR' && data.device === alias;
}

function followLater(
  domain: Domain,
  run: RunningDomain,
  device: HotplugDevice,
  context: HotplugContext,
  changed: () => void,
): void {
  const subscription = run.onMonitorEvent(event => {
    if (!isGone(event, device)) return;
    subscription.dispose();
    void domain.enqueue(async () => {
      try {
        const live = readLive(run, 'detach a device of', context);
        const now = live.devices.find(other => 'alias' in other && other.alias === device.alias);
        if (now?.kind !== 'disk' && now?.kind !== 'hostdev') return;
        for (const warning of await clearAway(run, live, now, context)) context.warn(domain.name, warning);
        changed();
      } catch (error) {
        const line = `${stamp(context.now())}virtty: ${nameOf(device)} has gone: ${messageOf(error)}\n`;
        await appendText(domainLogPath(context.paths, domain.name), line);
      }
    });
  });
}

/** The device is gone: what it stood on goes, too. What stays open stays the guest's. */
async function clearAway(
  run: RunningDomain,
  live: DomainDef,
  device: HotplugDevice,
  context: HotplugContext,
): Promise<readonly string[]> {
  const after = withoutDevice(live, device);
  const open = await removeNodes(run.monitor, live, device, context);
  await run.setLiveXml(formatDomain(after, {id: run.status.id}));
  if (open.length > 0)
    return [`the emulator still uses ${open.join(', ')}: the files of ${nameOf(device)} stay its own`];
  const gone: DomainDef = {...live, devices: [device]};
  const before = run.status.confinement?.cgroup?.devices ?? [];
  await run.setDevices(exchangeDevices(before, gone, after).after);
  const kept = new Set((await planLiveGrants(after, context)).map(({path}) => path));
  const paths = (await planLiveGrants(gone, context)).map(({path}) => path).filter(path => !kept.has(path));
  return releaseSome(grantRegistry(context.paths), live.uuid, new Set(paths));
}

/** @returns the nodes that stay open */
async function removeNodes(
  monitor: MonitorClient,
  live: DomainDef,
  device: HotplugDevice,
  context: HotplugContext,
): Promise<readonly string[]> {
  if (device.kind !== 'disk' || !device.source || !('index' in device.source)) return []; // they go with the device
  const removals = deviceCommands(device, await argvInputOf(live, context)).flatMap(
    command => removalOf(command) ?? [],
  );
  const names = new Set(removals.map(({arguments: args}) => args['node-name']));
  const deadline = performance.now() + RELEASE_TIMEOUT_MS;
  for (;;) {
    for (const {execute, arguments: args} of removals.toReversed()) {
      try {
        await monitor.execute(execute, args);
      } catch (error) {
        if (!(error instanceof QmpCommandError)) throw error; // it is looked up below whether it is there
      }
    }
    const open = (await readNodeNames(monitor)).filter(name => names.has(name));
    if (open.length === 0 || performance.now() > deadline) return open;
    await wait(RELEASE_RECHECK_MS);
  }
}
