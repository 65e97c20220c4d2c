import type {AccountNames} from '../host/users.ts';
import type {PlannedStep, StartPlan} from '../model/start-plan.ts';
import type {CgroupConfinement} from '../security/cgroup/cgroup-confinement.ts';
import {placeOf} from '../security/cgroup/check-cgroup.ts';
import {type DeviceRule, formatRule} from '../security/cgroup/device-rule.ts';
import {formatCommandLine} from './argv/quote-for-display.ts';
import {renderArgv} from './argv/render.ts';
import {describeGrant, describeStep} from './host-steps/describe-step.ts';
import {describeGiveBack, describeUndo} from './host-steps/describe-undo.ts';
import type {FileOwner, HostStep} from './host-steps/host-step.ts';
import type {LaunchPlan} from './launch-plan.ts';
import type {PlannedStart} from './start-domain.ts';

/** So narrow that every option gets a line of its own. */
export const ONE_OPTION_A_LINE = 0;

/** What of the host makes a plan readable. */
export interface HostWords {
  readonly names: AccountNames;
  /** Who a file belongs to now; undefined for one that is not there. */
  readonly ownerOf: (path: string) => FileOwner | undefined;
}

/** A plan in the words of a person: every step with its undo, the process, and its command line. */
export function describeStart({plan, dropped}: PlannedStart, {names, ownerOf}: HostWords): StartPlan {
  return {
    domain: plan.def.name,
    steps: plan.steps.flatMap(step => describeSteps(step, ownerOf)),
    confinement: describeConfinement(plan, names),
    environment: plan.environment,
    argv: [plan.executable, ...renderArgv(plan.args)],
    commandLine: formatCommandLine(plan.executable, plan.args, ONE_OPTION_A_LINE),
    monitor: plan.monitorCommands.map(({execute}) => execute),
    warnings: [
      ...(plan.leftOut.length === 0 ? [] : [`without ${plan.leftOut.join(', ')}: not supported yet`]),
      ...dropped.map(what => `without ${what}`),
      ...plan.warnings,
    ],
  };
}

/** Each file that is given is a line of its own; one that is not there is left to who opens it. */
function describeSteps(step: HostStep, ownerOf: HostWords['ownerOf']): readonly PlannedStep[] {
  if (step.do !== 'grant-files') return [{kind: step.do, command: describeStep(step), undo: describeUndo(step)}];
  return step.grants.flatMap(grant => {
    const before = ownerOf(grant.path) ?? (grant.create ? {uid: 0, gid: 0} : undefined);
    if (!before) return [];
    return [{kind: step.do, command: describeGrant(grant), undo: describeGiveBack(grant, before)}];
  });
}

function describeConfinement({confinement, memoryLock}: LaunchPlan, names: AccountNames): StartPlan['confinement'] {
  const {uid, gid, groups, dropCapabilities, noNewPrivs, seccomp, label, cgroup} = confinement;
  return [
    ['user', `${names.user(uid)} (${uid})`],
    ['group', `${names.group(gid)} (${gid})`],
    ['groups', groups ? groups.map(id => `${names.group(id)} (${id})`).join(', ') : 'as virtty has'],
    ['capabilities', dropCapabilities ? 'none: effective, bounding and ambient are dropped' : 'as the user has'],
    ['no new privileges', noNewPrivs ? 'yes' : 'no'],
    ['seccomp', seccomp ? 'filter' : 'nothing'],
    ...(label ? [['SELinux label', label.label] as const] : []),
    ...describeCgroup(cgroup),
    ...(memoryLock === undefined
      ? []
      : [['locked memory', memoryLock === 'unlimited' ? 'all of it' : `at most ${memoryLock} KiB`] as const]),
  ];
}

function describeCgroup(cgroup: CgroupConfinement | undefined): StartPlan['confinement'] {
  if (!cgroup) return [['device list', 'none: every device that its user may open']];
  return [
    ['control group', placeOf(cgroup)],
    ['device list', cgroup.devices.map(wordsOfRule).join(', ')],
  ];
}

/** By its node, as people know it: the numbers are in the step that makes the group. */
function wordsOfRule(rule: DeviceRule): string {
  return rule.node === undefined ? formatRule(rule) : `${rule.node} ${rule.access}`;
}
