import {assertNever} from '../../base/assert-never.ts';
import {quoteWord} from '../../base/quote-shell.ts';
import {formatRule} from '../../security/cgroup/device-rule.ts';
import type {FileGrant} from '../../security/file-grant.ts';
import type {HostCommand, HostStep, MadeGroup, StepOwner, TakeBack} from './host-step.ts';

/** What a step does, as the command that would do it by hand, quoted for a POSIX shell. */
export function describeStep(step: HostStep): string {
  switch (step.do) {
    case 'make-run-dir':
      return `${words('mkdir', '-m', step.owner?.uid ? '0711' : '0700', step.path)} && ${given(words('mkdir', '-m', '0700', ...contextOption(step), step.guestDir), {path: step.guestDir, owner: step.owner})}`;
    case 'let-through':
      return words('chmod', 'go+x', ...step.folders);
    case 'rotate-log':
      return words('mv', step.path, step.previous);
    case 'create-log':
      return given(words('touch', step.path), step);
    case 'make-dir':
      return given(words('mkdir', '-p', '-m', '0700', step.path), step);
    case 'write-file':
      return given(`${words('printf', '%s', step.text)} > ${quoteWord(step.path)}`, step);
    case 'create-nvram':
      return `[ -e ${quoteWord(step.path)} ] || ${given(words('cp', step.template ?? '?', step.path), step)}`;
    case 'write-take-backs':
      return `# at the end: ${step.takeBacks.map(describeTakeBack).join('; ')}`;
    case 'set-label':
      return words('chcon', step.label, step.path);
    case 'run':
      return describeCommand(step.command);
    case 'create-file':
      return given(words('touch', step.path), step);
    case 'write-secret':
      return `# the secret of ${step.what} > ${quoteWord(step.path)}`;
    case 'grant-files':
      return step.grants.map(describeGrant).join('; ');
    case 'start-helper':
      return `${describeCommand(step.helper)} &`;
    case 'make-cgroup':
      return describeGroup(step.group);
    default:
      return assertNever(step);
  }
}

function contextOption({label}: Extract<HostStep, {do: 'make-run-dir'}>): readonly string[] {
  return label === undefined ? [] : [`--context=${label}`];
}

function describeGroup({kind, path, devices}: MadeGroup): string {
  const rules = devices.map(formatRule);
  const made = words('mkdir', '-p', path);
  if (kind === 'bpf') return `${made} # with a BPF program that allows ${rules.join(', ')}`;
  const all = rules.map(quoteWord).join(' ');
  return `(${made} && ${words('cd', path)} && echo a >devices.deny && for rule in ${all}; do echo "$rule" >devices.allow; done)`;
}

/** A command with what gives its file to the guest, where it is another user's. */
function given(command: string, {path, owner}: {readonly path: string; readonly owner: StepOwner}): string {
  const isOurs = owner === undefined || (owner.uid === 0 && owner.gid === 0);
  return isOurs ? command : `${command} && ${words('chown', `${owner.uid}:${owner.gid}`, path)}`;
}

function describeTakeBack(takeBack: TakeBack): string {
  switch (takeBack.what) {
    case 'link':
      return words(takeBack.ip, 'link', 'delete', 'dev', takeBack.dev);
    case 'script':
      return words(takeBack.path, takeBack.dev);
    case 'address':
      return words(takeBack.ip, 'link', 'set', 'dev', takeBack.dev, 'address', takeBack.address);
    case 'virtual-function':
      return describeCommand(clearFunction(takeBack));
    case 'directory':
      return words('rm', '-r', takeBack.path);
    case 'process':
      return `kill the process of ${quoteWord(takeBack.pidFile)}`;
    case 'grants':
      return `give back what ${quoteWord(takeBack.registry)} says`;
    case 'file':
      return words('rm', '-f', takeBack.path);
    case 'cgroup':
      return words('rmdir', takeBack.path);
    default:
      return assertNever(takeBack);
  }
}

/** How a file becomes the guest's. */
export function describeGrant({path, owner, label}: FileGrant): string {
  return [
    ...(owner ? [words('chown', `${owner.uid}:${owner.gid}`, path)] : []),
    ...(label === undefined ? [] : [words('chcon', label, path)]),
  ].join('; ');
}

/** What makes a virtual function anybody's again. */
export function clearFunction({
  parent,
  number,
  ip,
}: Extract<TakeBack, {readonly what: 'virtual-function'}>): HostCommand {
  const args = ['link', 'set', 'dev', parent, 'vf', String(number), 'mac', '00:00:00:00:00:00', 'vlan', '0'];
  return {program: ip, args};
}

/** A command with its arguments, quoted. */
export function describeCommand({program, args}: HostCommand): string {
  return words(program, ...args);
}

function words(...all: readonly string[]): string {
  return all.map(quoteWord).join(' ');
}
