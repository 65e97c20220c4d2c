import {assertNever} from '../../base/assert-never.ts';
import {quoteWord} from '../../base/quote-shell.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {CgroupConfinement} from '../../security/cgroup/cgroup-confinement.ts';
import {placeOf} from '../../security/cgroup/check-cgroup.ts';
import {type DeviceRule, formatRule} from '../../security/cgroup/device-rule.ts';
import type {ExplainedList} from '../../security/cgroup/judge-devices.ts';
import {scopeAddition} from '../../security/cgroup/scope-command.ts';
import type {HostSettings} from '../host-settings.ts';
import {observeCgroup} from './observe-cgroup.ts';
import {devicesFor} from './prepare-cgroup.ts';

/** The list to which a process is held now; undefined when it is held to none, or nobody says to which. */
export async function runningList(pid: number, cgroup: CgroupConfinement): Promise<ExplainedList | undefined> {
  const {devices} = await observeCgroup(pid, cgroup);
  if (devices === undefined || devices === 'all') return undefined;
  return {
    rules: devices,
    why: `is not on the device list of its control group, ${placeOf(cgroup)}`,
    remedies: rule => remediesFor(cgroup, rule),
  };
}

/** The list that a start would make; what a definition names is on it. */
export function plannedList(
  def: DomainDef,
  settings: Pick<HostSettings, 'deviceNodes'>,
  configuration: string,
): ExplainedList {
  return {
    rules: devicesFor(def, settings),
    why: `is what the guest needs, and cgroup_device_acl in ${configuration} leaves it out: name it there`,
    remedies: () => [],
  };
}

function remediesFor(cgroup: CgroupConfinement, rule: DeviceRule): readonly string[] {
  switch (cgroup.kind) {
    case 'v1':
      return [`echo ${quoteWord(formatRule(rule))} >${quoteWord(`${cgroup.path}/devices.allow`)}`];
    case 'scope':
      return [['systemctl', ...scopeAddition(cgroup.unit, rule)].map(quoteWord).join(' ')];
    case 'bpf': // a program is replaced as a whole: the next start does
      return [];
    default:
      return assertNever(cgroup);
  }
}
