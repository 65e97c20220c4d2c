import {VirtError} from '../../base/virt-error.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {formatState} from '../../model/domain-state.ts';
import {formatDomain} from '../../model/format-domain.ts';
import type {MediaChange, MediaOptions} from '../../model/media-change.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import {exchangeDevices} from '../cgroup/exchange-devices.ts';
import type {Domain} from '../domain.ts';
import type {DriverContext} from '../driver-context.ts';
import {grantFiles} from '../grants/grant-files.ts';
import {planLiveGrants} from '../grants/plan-live-grants.ts';
import type {HostSettings} from '../host-settings.ts';
import {grantRegistry} from '../instance-paths.ts';
import type {RunningDomain} from '../running-domain.ts';
import {emptied, type PlannedMedia, planMediaChange, withMedia} from './plan-media-change.ts';
import {MediumLostError, swapByHmp, swapByQmp} from './swap-medium.ts';

export interface MediaContext extends Pick<DriverContext, 'paths' | 'uid' | 'gid' | 'defaults' | 'definitions'> {
  readonly settings: HostSettings;
}

/**
 * Changes the medium of a drive: of the guest that runs, of the definition, or of both. Called in the domain's queue.
 *
 * @returns what is worth knowing, a sentence each
 * @throws {VirtError} as `planMediaChange`, OPERATION_FAILED when the emulator cannot open the medium
 */
export async function changeMedia(
  domain: Domain,
  request: {readonly target: string | undefined; readonly change: MediaChange; readonly options: MediaOptions},
  context: MediaContext,
): Promise<readonly string[]> {
  const {target, change, options} = request;
  const affects = options.affects ?? [domain.live ? 'live' : 'config'];
  const {def} = domain.parts;
  const config = affects.includes('config') ? planConfig(domain, def, request) : undefined;
  const run = affects.includes('live') ? domain.requireRunning('change a medium of') : undefined;
  const live = run && readLive(run, context);
  const warnings =
    run && live
      ? await changeLive(
          {run, live, planned: planMediaChange(live, target, change), force: options.force === true},
          context,
        )
      : [];
  if (config) {
    await context.definitions.save(config);
    domain.parts.def = config;
  }
  return warnings;
}

function planConfig(
  domain: Domain,
  def: DomainDef | undefined,
  {target, change}: {readonly target: string | undefined; readonly change: MediaChange},
): DomainDef {
  if (def) return withMedia(def, planMediaChange(def, target, change));
  const message = `cannot change a medium of domain '${domain.name}': it has no definition, it is ${formatState(domain.state)}`;
  throw new VirtError('OPERATION_INVALID', 'QEMU', message);
}

interface LiveChange {
  readonly run: RunningDomain;
  readonly live: DomainDef;
  readonly planned: PlannedMedia;
  readonly force: boolean;
}

async function changeLive({run, live, planned, force}: LiveChange, context: MediaContext): Promise<readonly string[]> {
  const warnings = await grantMedium(live, planned, context);
  const {monitorPty, id} = run.status;
  const swap = monitorPty === undefined ? swapByQmp : swapByHmp;
  const before = run.status.confinement?.cgroup?.devices ?? [];
  const listFor = (media: PlannedMedia) =>
    exchangeDevices(before, {...live, devices: [planned.before]}, withMedia(live, media));
  const show = async (media: PlannedMedia) => {
    await run.setDevices(listFor(media).after);
    await run.setLiveXml(formatDomain(withMedia(live, media), {id}));
  };
  await run.setDevices(listFor(planned).during);
  try {
    await swap(run.monitor, planned, force);
  } catch (error) {
    if (error instanceof MediumLostError) await show({...planned, after: emptied(planned.before)});
    else await run.setDevices(before);
    throw error;
  }
  await show(planned);
  return warnings;
}

/** The medium is the guest's as long as it runs, as are the files that it was started with. */
async function grantMedium(live: DomainDef, {after}: PlannedMedia, context: MediaContext): Promise<readonly string[]> {
  const grants = await planLiveGrants({...live, devices: [after]}, context);
  if (grants.length === 0) return [];
  const registry = grantRegistry(context.paths);
  return (await grantFiles({registry, uuid: live.uuid, domain: live.name, grants})).warnings;
}

function readLive({status}: RunningDomain, {defaults}: MediaContext): DomainDef {
  const {def} = parseDomain(status.liveXml, {...defaults, live: true});
  if (def && devicesOf(def, 'disk').length > 0) return def;
  throw new VirtError('INVALID_ARG', 'QEMU', `cannot change a medium of domain '${status.name}': it has no drives`);
}
