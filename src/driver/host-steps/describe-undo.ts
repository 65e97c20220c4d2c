import {assertNever} from '../../base/assert-never.ts';
import {quoteWord} from '../../base/quote-shell.ts';
import type {FileGrant, GrantOwner} from '../../security/file-grant.ts';
import {describeCommand} from './describe-step.ts';
import type {HostStep} from './host-step.ts';

/** How a step is undone when the start fails, as `applySteps` does it: a command for a POSIX shell, or a comment. */
export function describeUndo(step: HostStep): string {
  switch (step.do) {
    case 'make-run-dir':
      return `rm -rf ${quoteWord(step.path)}`;
    case 'make-dir':
      return `rm -rf ${quoteWord(step.path)} # only if this start has made it`;
    case 'create-nvram':
      return `rm -f ${quoteWord(step.path)} # only if this start has made it`;
    case 'let-through':
      return '# nothing: they keep their mode';
    case 'write-file':
    case 'set-label':
      return '# it goes with its directory';
    case 'rotate-log':
      return `mv ${quoteWord(step.previous)} ${quoteWord(step.path)}`;
    case 'create-log':
    case 'create-file':
    case 'write-secret':
      return `rm -f ${quoteWord(step.path)}`;
    case 'write-take-backs':
      return '# the same, at once';
    case 'run':
      return step.undo ? describeCommand(step.undo) : '# by what is done at the end';
    case 'grant-files':
      return step.grants.map(grant => describeGiveBack(grant)).join('; ');
    case 'start-helper':
      return `# by what is done at the end: kill the process of ${quoteWord(step.helper.pidFile)}`;
    case 'make-cgroup':
      return `# by what is done at the end: rmdir ${quoteWord(step.group.path)}`;
    default:
      return assertNever(step);
  }
}

/**
 * How a file is given back.
 *
 * @param before  who it belongs to now, where that is known
 */
export function describeGiveBack({path, owner, label, restore, restoreOwner}: FileGrant, before?: GrantOwner): string {
  if (!restore) return '# it stays so';
  const back = restoreOwner ?? before;
  const given = owner && `${owner.uid}:${owner.gid}`;
  const ownerBack =
    given === undefined || back === undefined
      ? []
      : [`chown --from=${given} ${back.uid}:${back.gid} ${quoteWord(path)}`];
  return [
    ...ownerBack,
    ...(label === undefined ? [] : ['chcon to the label it had']),
    '# by what is done at the end, when no other guest uses it',
  ].join(' ');
}
