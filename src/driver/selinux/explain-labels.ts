import {fileLabels} from '../../host/file-label.ts';
import {type HostTree, hostTree} from '../../host/host-tree.ts';
import {type Mount, mountOf, readMounts} from '../../host/mounts.ts';
import {type SelinuxKernel, selinuxKernel} from '../../host/selinux-kernel.ts';
import {policySwitch} from '../../host/set-file-label.ts';
import type {AccessFinding} from '../../model/access-report.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import {formatContext} from '../../security/selinux/context.ts';
import {type JudgedLabels, judgeLabels} from '../../security/selinux/judge-labels.ts';
import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import {readBoolean, readSelinuxHost} from './selinux-host.ts';

export interface LabelExplanation {
  readonly findings: readonly AccessFinding[];
  /** The label of the guest's process; undefined: what the policy makes of an emulator that virtty starts. */
  readonly process: string | undefined;
  readonly emulator: string | undefined;
  readonly labels: DomainLabels | undefined;
  /** Whether the guest runs with these labels: one that starts gets other categories. */
  readonly isRunning: boolean;
  /** The files that a start labels, where their file systems keep labels. */
  readonly given: readonly FileGrant[];
}

/** Where the host is read; this host without them. */
export interface LabelSources {
  readonly tree?: HostTree;
  readonly kernel?: SelinuxKernel;
  readonly mounts?: readonly Mount[];
  readonly labelsOf?: (paths: readonly string[]) => ReadonlyMap<string, string>;
}

/** Findings with what SELinux refuses, where it is in force. */
export function explainLabels(
  {findings, process, emulator, labels, isRunning, given}: LabelExplanation,
  {tree = hostTree(), kernel = selinuxKernel(), mounts = readMounts(), labelsOf = fileLabels}: LabelSources = {},
): JudgedLabels {
  const host = readSelinuxHost(tree);
  if (!host) return {findings, notes: []};
  const steps = findings.flatMap(finding => finding.steps).filter(({kind}) => kind !== undefined);
  const paths = new Set([...steps.map(({path}) => path), ...(emulator === undefined ? [] : [emulator])]);
  const now = labelsOf([...paths]);
  const source = process ?? becomes(host.own && formatContext(host.own), now.get(emulator ?? ''), kernel);
  if (source === undefined)
    return {findings, notes: ['the kernel does not say with which SELinux label the guest runs']};
  const keepsLabels = (path: string) => mountOf(path, mounts)?.superOptions.includes('seclabel') === true;
  const next = new Map(
    given.flatMap(({path, label}) => (label !== undefined && keepsLabels(path) ? [[path, label]] : [])),
  );
  const policy =
    typeof host.contexts === 'string' ? [] : [host.contexts.image, host.contexts.content].map(formatContext);
  const ofGuest = labels && (isRunning || labels.type === 'static') ? [labels.imageLabel] : [];
  const own = labels ? [...ofGuest, labels.sharedLabel, labels.contentLabel] : [];
  return judgeLabels(findings, {
    process: source,
    isEnforcing: host.isEnforcing,
    labelOf: path => next.get(path) ?? now.get(path),
    labelNow: path => now.get(path),
    mountOf: path => mountOf(path, mounts),
    allows: question => kernel.allows(question),
    switchOf: fsType => {
      const name = policySwitch(fsType);
      const isOn = name === undefined ? undefined : readBoolean(tree, name);
      return name === undefined || isOn === undefined ? undefined : {name, isOn};
    },
    candidates: [...new Set([...own, ...policy])],
  });
}

function becomes(own: string | undefined, program: string | undefined, kernel: SelinuxKernel): string | undefined {
  return own === undefined || program === undefined ? undefined : kernel.becomes(own, program);
}
