import type {DomainDef} from '../../model/domain-def.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import {findIdentity} from '../find-identity.ts';
import type {HostSettings} from '../host-settings.ts';
import type {InstancePaths} from '../instance-paths.ts';
import {liveLabels} from '../selinux/live-labels.ts';
import {planGrants} from './plan-grants.ts';

export interface LiveGrantContext {
  readonly paths: InstancePaths;
  /** As whom the driver runs. */
  readonly uid: number;
  readonly gid: number;
  readonly settings: HostSettings;
}

/** What a guest that runs has of the host's files for its devices; its kernel and firmware were given at the start. */
export async function planLiveGrants(live: DomainDef, context: LiveGrantContext): Promise<readonly FileGrant[]> {
  const {paths, settings} = context;
  const guest = await findIdentity(live, context);
  const labels = liveLabels(live);
  return planGrants(withoutFirmware(live), {paths, guest, settings, ...(labels ? {labels} : {})});
}

function withoutFirmware(def: DomainDef): DomainDef {
  const {type, arch, machine, boot} = def.os;
  return {...def, os: {type, arch, boot, ...(machine === undefined ? {} : {machine})} as DomainDef['os']};
}
