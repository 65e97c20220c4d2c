import {VirtError} from '../../base/virt-error.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {parseDomain} from '../../model/parse-domain.ts';
import type {ArgvInput} from '../argv/argv-input.ts';
import {withCapabilities} from '../argv/qemu-namespace-args.ts';
import {findHostCdroms} from '../disk-media.ts';
import type {DriverContext} from '../driver-context.ts';
import {guestRunDir, monitorPath, userMonitorPath} from '../instance-paths.ts';
import type {RunningDomain} from '../running-domain.ts';
import type {StartContext} from '../start-domain.ts';

/** What a device that comes or goes while its guest runs is planned with. */
export type HotplugContext = StartContext & Pick<DriverContext, 'defaults' | 'definitions'>;

/** The definition of a run. @throws {VirtError} OPERATION_UNSUPPORTED for an emulator that cannot be told of devices */
export function readLive({status}: RunningDomain, tried: string, {defaults}: HotplugContext): DomainDef {
  const {def} = parseDomain(status.liveXml, {...defaults, live: true});
  if (def && status.monitorPty === undefined) return def;
  const why = def ? 'its emulator, of before QMP, takes no devices later' : 'what it was started with is not known';
  throw new VirtError('OPERATION_UNSUPPORTED', 'QEMU', `cannot ${tried} domain '${status.name}': ${why}`, {
    hint: 'change the definition for its next start: add --config',
  });
}

/** What the arguments of a guest's devices are made of. @throws {VirtError} OPERATION_UNSUPPORTED for an emulator without block nodes */
export async function argvInputOf(live: DomainDef, context: HotplugContext): Promise<ArgvInput> {
  const {caps} = await context.registry.forDomain(live);
  if (!caps.flags.has('blockdev')) {
    const why = `its emulator (QEMU ${caps.version}) has no block nodes, which came with 4.2`;
    throw new VirtError(
      'OPERATION_UNSUPPORTED',
      'QEMU',
      `domain '${live.name}' takes no devices while it runs: ${why}`,
    );
  }
  const guestDir = guestRunDir(context.paths, live.uuid);
  return {
    def: live,
    caps: withCapabilities(caps, live),
    paths: {monitorSocket: monitorPath(guestDir), userMonitorSocket: userMonitorPath(guestDir)},
    nowMs: context.now(),
    settings: context.settings,
    host: {cdroms: await findHostCdroms(live)},
  };
}
