import {hostTree} from '../host/host-tree.ts';
import {readAccountNames} from '../host/users.ts';
import {formatConfSetting} from '../model/config/qemu-conf.ts';
import type {InstanceSecurity} from '../model/instance-security.ts';
import {deviceListWords} from './cgroup/prepare-cgroup.ts';
import {readStartConfiguration} from './config/start-configuration.ts';
import type {DriverContext} from './driver-context.ts';
import {findIdentity} from './find-identity.ts';
import {readSecurityModels} from './host-info/security-models.ts';
import {labelWords} from './selinux/label-words.ts';

/**
 * How an instance confines its guests: as whom they run, the host's models, and the configuration line by line.
 *
 * @throws {VirtError} SYSTEM_ERROR for a configuration that cannot be read
 */
export async function instanceSecurity(context: DriverContext): Promise<InstanceSecurity> {
  const {uid, gid, instance, configuration} = context;
  const {path, stated, problems, settings: start} = await readStartConfiguration(configuration, {uid, gid});
  const names = await readAccountNames();
  // A user that is not there is among the problems; no guest starts then.
  const guest = await findIdentity(undefined, {uid, gid, settings: start}).catch(() => ({uid, gid}));
  const models = readSecurityModels(hostTree(), {uid, gid, isPrivileged: uid === 0});
  const settings = stated.map(setting => ({
    name: setting.name,
    value: formatConfSetting(setting),
    line: setting.line,
    isHonoured: setting.isHonoured,
  }));
  return {
    uri: instance.uri,
    userName: instance.userName,
    guests: {
      uid: guest.uid,
      gid: guest.gid,
      user: names.user(guest.uid),
      group: names.group(guest.gid),
      chosenByRoot: uid === 0,
      dropsCapabilities: uid === 0 && !start.keepsCapabilities,
    },
    labels: labelWords({uid, settings: start}, models[0]?.model),
    deviceLists: await deviceListWords({...context, settings: start}),
    models: models.map(({model}) => model),
    configuration: {path, settings, problems},
  };
}
