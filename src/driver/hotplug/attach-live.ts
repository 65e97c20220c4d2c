import {UndoStack} from '../../base/disposable.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {hostTree} from '../../host/host-tree.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatDomain} from '../../model/format-domain.ts';
import {numberNewImages} from '../../model/image-numbers.ts';
import type {ArgvInput} from '../argv/argv-input.ts';
import {exchangeDevices} from '../cgroup/exchange-devices.ts';
import {completeChains} from '../complete-chains.ts';
import {grantFiles, releaseSome} from '../grants/grant-files.ts';
import {planLiveGrants} from '../grants/plan-live-grants.ts';
import {settleHostDevices} from '../host-devices/settle-host-devices.ts';
import {grantRegistry} from '../instance-paths.ts';
import {runSetupCommand} from '../run-setup-command.ts';
import type {RunningDomain} from '../running-domain.ts';
import {imageNumbers, readNodeNames} from './block-nodes.ts';
import {unplug} from './detach-live.ts';
import {argvInputOf, type HotplugContext, readLive} from './hotplug-context.ts';
import {type HotplugDevice, nameOf} from './hotplug-device.ts';
import {cannotPlug, placeDevice, requireFreeTarget} from './place-device.ts';
import {type PlannedAttach, planAttach, removalOf} from './plan-attach.ts';

/**
 * Gives a guest that runs a device: its files and nodes first, then the device itself.
 *
 * @returns what is worth knowing, a sentence each
 * @throws {VirtError} with the reason; everything is then as it was
 */
export async function attachLive(
  run: RunningDomain,
  wished: HotplugDevice,
  context: HotplugContext,
): Promise<readonly string[]> {
  const live = readLive(run, 'attach a device to', context);
  requireFreeTarget(live, wished);
  const before = await argvInputOf(live, context);
  const device = await settle(live, placeDevice(live, wished, before.caps), run);
  const after: DomainDef = {...live, devices: [...live.devices, device]};
  const input: ArgvInput = {...(await argvInputOf(after, context)), caps: before.caps};
  const plan = planAttach(live, device, input);
  const undo = new UndoStack();
  try {
    const warnings = await giveFiles(live, device, context, undo);
    await openList(run, after, undo);
    await plugIn(run, device, plan, undo);
    await run.setLiveXml(formatDomain(after, {id: run.status.id}));
    undo.commit();
    return warnings;
  } catch (error) {
    const failures = await undo.undoAll();
    const {code, detail, hint} = error instanceof VirtError ? error : {code: undefined, detail: [], hint: undefined};
    throw new VirtError(code ?? 'OPERATION_FAILED', 'QEMU', cannotPlug(live, device, messageOf(error)).message, {
      cause: error,
      detail: [...detail, ...failures],
      ...(hint === undefined ? {} : {hint}),
    });
  }
}

/** With what this host says of it: the images below its own, the place of a USB device; and with numbers of its own. */
async function settle(live: DomainDef, device: HotplugDevice, run: RunningDomain): Promise<HotplugDevice> {
  const alone: DomainDef = {...live, devices: [device]};
  const givesFiles = live.seclabels?.some(({model}) => model === 'dac') === true;
  const {def} =
    device.kind === 'disk'
      ? {def: await completeChains(alone, {givesFiles})}
      : await settleHostDevices(alone, hostTree());
  const [settled] = def.devices;
  if (settled?.kind === 'disk') return numberNewImages(settled, imageNumbers(await readNodeNames(run.monitor)));
  if (settled?.kind === 'hostdev') return settled;
  throw cannotPlug(live, device, 'it is not plugged in');
}

async function giveFiles(
  live: DomainDef,
  device: HotplugDevice,
  context: HotplugContext,
  undo: UndoStack,
): Promise<readonly string[]> {
  const grants = await planLiveGrants({...live, devices: [device]}, context);
  if (grants.length === 0) return [];
  const kept = new Set((await planLiveGrants(live, context)).map(({path}) => path));
  const registry = grantRegistry(context.paths);
  const {warnings} = await grantFiles({registry, uuid: live.uuid, domain: live.name, grants});
  const own = new Set(grants.map(({path}) => path).filter(path => !kept.has(path)));
  undo.push(`give ${nameOf(device)} back`, async () => void (await releaseSome(registry, live.uuid, own)));
  return warnings;
}

async function openList(run: RunningDomain, after: DomainDef, undo: UndoStack): Promise<void> {
  const before = run.status.confinement?.cgroup?.devices ?? [];
  undo.push('set the list of devices back', () => run.setDevices(before));
  await run.setDevices(exchangeDevices(before, {...after, devices: []}, after).during);
}

async function plugIn(run: RunningDomain, device: HotplugDevice, plan: PlannedAttach, undo: UndoStack): Promise<void> {
  const {monitor} = run;
  for (const command of plan.commands) {
    await runSetupCommand(command, monitor);
    const removal = removalOf(command);
    if (removal)
      undo.push(removal.execute, async () => void (await monitor.execute(removal.execute, removal.arguments)));
    else undo.push('device_del', () => unplug(monitor, device));
  }
  for (const {execute, arguments: args} of plan.limits) await monitor.execute(execute, args);
}
