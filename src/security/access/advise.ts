import {quoteWord} from '../../base/quote-shell.ts';
import type {AccessNeed} from '../../model/access-report.ts';
import type {Actor, ElementFacts} from './access-facts.ts';
import type {AccountWords} from './explain-refusal.ts';

/**
 * The exact commands that would let a process do what it was refused, the gentlest first. A directory gets no more than
 * the right to pass through it, as libvirt's documentation has it; a file gets nothing for others.
 *
 * @see libvirt 0.7.1, docs/drvqemu.html, "POSIX users/groups"
 */
export function adviseRemedies(
  element: ElementFacts,
  needs: readonly AccessNeed[],
  actor: Actor,
  words: AccountWords,
): readonly string[] {
  const {mount, kind} = element;
  const path = quoteWord(element.path);
  const writes = needs.some(need => need === 'write' || need === 'create');
  if (writes && mount?.readOnly) return [`mount -o remount,rw ${quoteWord(mount.point)}`];
  if (needs.includes('execute') && mount?.noExec) return [`mount -o remount,exec ${quoteWord(mount.point)}`];
  const who = `u:${words.user(actor.uid)}`;
  const permissions = permissionLetters(needs);
  if (kind === 'directory' && needs.every(need => need === 'search')) {
    return [`setfacl -m ${quoteWord(`${who}:x`)} ${path}`, `chmod o+x ${path}`];
  }
  const own = `chown ${quoteWord(`${words.user(actor.uid)}:${words.group(actor.gid)}`)} ${path}`;
  const acl = `setfacl -m ${quoteWord(`${who}:${permissions}`)} ${path}`;
  return actor.uid === element.uid ? [`chmod u+${permissions} ${path}`] : [acl, own];
}

function permissionLetters(needs: readonly AccessNeed[]): string {
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
