import type {AclEntry} from '../../host/acl.ts';
import type {AccessNeed, Remedy} from '../../model/access-report.ts';
import type {Actor, ElementFacts} from './access-facts.ts';
import {type AccountWords, NEED_BITS, ruleFor} from './explain-refusal.ts';
import {commandRemedy} from './remedy.ts';

/**
 * An entry for one user, which gives what he has and what he needs: with an entry of his own nothing else counts for him.
 * Where the list has a mask that is too tight, it is widened by what is needed, which the others under it get, too.
 *
 * @see acl(5), "ACCESS CHECK ALGORITHM"; setfacl(1): a mask that is given is not computed
 */
export function adviseAcl(
  element: ElementFacts,
  needs: readonly AccessNeed[],
  actor: Actor,
  words: AccountWords,
): Remedy {
  const {path, acl} = element;
  const who = words.user(actor.uid);
  const needed = needs.reduce((bits, need) => bits | NEED_BITS[need], 0) | (needs.includes('execute') ? 4 : 0);
  const bits = needed | ruleFor(element, actor).permissions;
  const mask = acl?.find(({tag}) => tag === 'mask')?.permissions;
  const isWidened = mask !== undefined && (mask & bits) !== bits;
  const entry = `u:${who}:${letters(bits)}`;
  const entries = mask === undefined ? entry : `${entry},m::${letters(mask | bits)}`;
  const others = isWidened ? `, and others on its list what they have there within ${letters(mask | bits)}` : '';
  return commandRemedy({
    argv: ['setfacl', '-m', entries, path],
    changes: `${who} alone gets '${letters(bits)}' at ${path}${others}`,
    target: path,
    undo: ['setfacl', ...undoOf(acl, actor.uid, who), path],
  });
}

/** A list that was not there goes as a whole: an entry that is taken out leaves its mask. */
function undoOf(acl: readonly AclEntry[] | undefined, uid: number, who: string): readonly string[] {
  if (!acl) return ['-b'];
  const mask = acl.find(({tag}) => tag === 'mask')?.permissions;
  const own = acl.find(({tag, id}) => tag === 'user' && id === uid);
  const ofMask = mask === undefined ? [] : [`m::${letters(mask)}`];
  if (own) return ['-m', [`u:${who}:${letters(own.permissions)}`, ...ofMask].join(',')];
  return ['-x', `u:${who}`, ...ofMask.flatMap(text => ['-m', text])];
}

/** As setfacl takes them; nothing is `-`. */
function letters(bits: number): string {
  const text = `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
  return text === '' ? '-' : text;
}
