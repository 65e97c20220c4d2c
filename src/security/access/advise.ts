import {quoteWord} from '../../base/quote-shell.ts';
import type {Mount} from '../../host/mounts.ts';
import type {AccessNeed, Remedy} from '../../model/access-report.ts';
import type {Actor, ElementFacts} from './access-facts.ts';
import {adviseAcl} from './advise-acl.ts';
import {type AccountWords, formatMode, ruleFor} from './explain-refusal.ts';
import {hasOneOwner, isClosedTo, isReadOnlyByNature} from './file-systems.ts';
import {commandRemedy} from './remedy.ts';

/**
 * What would let a process do what it was refused, the gentlest first. A directory gets no more than the right to pass
 * through it, as libvirt's documentation has it; a file gets nothing for others.
 *
 * @see libvirt 0.7.1, docs/drvqemu.html, "POSIX users/groups"
 */
export function adviseRemedies(
  element: ElementFacts,
  needs: readonly AccessNeed[],
  actor: Actor,
  words: AccountWords,
): readonly Remedy[] {
  const {mount} = element;
  const writes = needs.some(need => need === 'write' || need === 'create');
  if (writes && mount?.readOnly) return isReadOnlyByNature(mount.fsType) ? [] : [remount(mount, 'rw', 'ro')];
  if (needs.includes('execute') && mount?.noExec) return [remount(mount, 'exec', 'noexec')];
  if (mount && isClosedTo(mount, actor)) return [];
  if (mount && hasOneOwner(mount.fsType)) return [mountAnew(mount, actor, words)];
  if (writes && element.isImmutable) return [withoutAttribute(element.path)];
  return adviseRights(element, needs, actor, words);
}

function adviseRights(
  element: ElementFacts,
  needs: readonly AccessNeed[],
  actor: Actor,
  words: AccountWords,
): readonly Remedy[] {
  const {path, kind, acl} = element;
  const {who} = ruleFor(element, actor);
  const letters = permissionLetters(needs);
  if (who === 'owner') return [changeMode(element, 'u', letters, `its owner ${words.user(element.uid)}`)];
  const named = adviseAcl(element, needs, actor, words);
  const passes = kind === 'directory' && needs.every(need => need === 'search');
  // The mask of an access control list stands where the mode of the group would, and rights of others do not reach a group.
  const group = who === 'group' && acl === undefined ? [changeMode(element, 'g', letters, `the group of ${path}`)] : [];
  if (passes) return [named, ...group, ...(who === 'others' ? [changeMode(element, 'o', 'x', 'every user')] : [])];
  return [named, ...group, giveAway(element, actor, words)];
}

function changeMode({path, kind}: ElementFacts, who: 'u' | 'g' | 'o', letters: string, whom: string): Remedy {
  const may = kind === 'directory' && letters === 'x' ? `may pass through ${path}` : `gets '${letters}' at ${path}`;
  return commandRemedy({
    argv: ['chmod', `${who}+${letters}`, path],
    changes: `${whom} ${may}`,
    target: path,
    undo: ['chmod', `${who}-${letters}`, path],
  });
}

function giveAway({path, uid, gid, mode}: ElementFacts, actor: Actor, words: AccountWords): Remedy {
  const [next, before] = [ownerWord(actor.uid, actor.gid, words), ownerWord(uid, gid, words)];
  return commandRemedy({
    argv: ['chown', next, path],
    changes: `${path} belongs to ${next} instead of ${before}, with the same mode ${formatMode(mode)}`,
    target: path,
    undo: ['chown', before, path],
  });
}

function ownerWord(uid: number, gid: number, words: AccountWords): string {
  return `${words.user(uid)}:${words.group(gid)}`;
}

/** chattr follows no link itself. */
function withoutAttribute(path: string): Remedy {
  return commandRemedy({
    argv: ['chattr', '-i', path],
    changes: `${path} can be changed again`,
    undo: ['chattr', '+i', path],
  });
}

/** What counts at this place alone is changed at this place alone. */
function remount(mount: Mount, to: 'rw' | 'exec', from: 'ro' | 'noexec'): Remedy {
  const {point, superOptions} = mount;
  const bind = superOptions.includes(from) ? '' : 'bind,';
  return commandRemedy({
    argv: ['mount', '-o', `remount,${bind}${to}`, point],
    changes: `everything at ${point} can be ${to === 'rw' ? 'written' : 'executed'}, until it is mounted anew`,
    undo: ['mount', '-o', `remount,${bind}${from}`, point],
  });
}

/** Such a file system takes its owner when it is mounted only. */
function mountAnew({point, source}: Mount, actor: Actor, words: AccountWords): Remedy {
  const where = quoteWord(point);
  return {
    command: `umount ${where} && mount -o uid=${actor.uid},gid=${actor.gid} ${quoteWord(source)} ${where}`,
    changes: `every file at ${point} belongs to ${ownerWord(actor.uid, actor.gid, words)}`,
  };
}

export function permissionLetters(needs: readonly AccessNeed[]): string {
  const letters = new Set(needs.flatMap(need => LETTERS[need]));
  return ['r', 'w', 'x'].filter(letter => letters.has(letter)).join('');
}

const LETTERS: Readonly<Record<AccessNeed, readonly string[]>> = {
  read: ['r'],
  write: ['r', 'w'],
  execute: ['r', 'x'],
  search: ['x'],
  create: ['w', 'x'],
};
