import {VirtError} from '../base/virt-error.ts';
import type {AccessReport} from '../model/access-report.ts';
import {parseDomain} from '../model/parse-domain.ts';
import {readStartConfiguration} from './config/start-configuration.ts';
import type {Domain} from './domain.ts';
import type {DriverContext} from './driver-context.ts';
import {explainAccess} from './explain-access.ts';

/**
 * Explains what the process of a domain can reach: of a running one with the definition and as the user that it runs
 * with, else as a start would have it.
 *
 * @throws {VirtError} OPERATION_INVALID for a domain that has neither a definition nor a process
 */
export async function explainDomain(domain: Domain, context: DriverContext): Promise<AccessReport> {
  const {live, parts, name} = domain;
  const def = live ? parseDomain(live.liveXml, {...context.defaults, live: true}).def : parts.def;
  if (!def) throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot explain domain '${name}': it has no definition`);
  const {uid, gid} = live?.confinement ?? context;
  const dropsCapabilities = live?.confinement.dropCapabilities ?? (uid === 0 && !(await keepsCapabilities(context)));
  const groups = process.getgroups?.() ?? []; // an emulator keeps those of the driver
  const actor = {uid, gid, groups, hasCapabilities: uid === 0 && !dropsCapabilities};
  return explainAccess(def, live?.emulatorPath ?? def.emulator, actor);
}

/** As a start would have it now, whatever else is wrong with the configuration. */
async function keepsCapabilities({configuration, uid, gid}: DriverContext): Promise<boolean> {
  const {settings} = await readStartConfiguration(configuration, {uid, gid});
  return settings.keepsCapabilities ?? false;
}
