import {assertNever} from '../../base/assert-never.ts';
import {quoteWord} from '../../base/quote-shell.ts';
import type {Remedy} from '../../model/access-report.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {commandRemedy} from '../../security/access/remedy.ts';
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
    remedies: (_, path) => [namedIn(configuration, [...(settings.deviceNodes ?? []), path])],
  };
}

function remediesFor(cgroup: CgroupConfinement, rule: DeviceRule): readonly Remedy[] {
  switch (cgroup.kind) {
    case 'v1':
      return [listedIn(cgroup.path, rule)];
    case 'scope':
      return [
        commandRemedy({
          argv: ['systemctl', ...scopeAddition(cgroup.unit, rule)],
          changes: `the guest may open ${formatRule(rule)} until it ends`,
        }),
      ];
    case 'bpf': // a program is replaced as a whole: the next start does
      return [];
    default:
      return assertNever(cgroup);
  }
}

/** The kernel's files take a write, which is a shell's to do. */
function listedIn(group: string, rule: DeviceRule): Remedy {
  const write = (file: string) => `echo ${quoteWord(formatRule(rule))} >${quoteWord(`${group}/${file}`)}`;
  const [command, undo] = [write('devices.allow'), write('devices.deny')];
  return {
    command,
    changes: `the guest may open ${formatRule(rule)} until it ends`,
    argv: ['/bin/sh', '-c', command],
    undo: {command: undo, argv: ['/bin/sh', '-c', undo]},
  };
}

/** A file of a person is a person's to change. */
function namedIn(configuration: string, nodes: readonly string[]): Remedy {
  return {
    command: `cgroup_device_acl = [ ${nodes.map(node => JSON.stringify(node)).join(', ')} ]`,
    changes: `as this line of ${configuration}: every guest that is started then may open ${nodes.at(-1)}`,
  };
}
