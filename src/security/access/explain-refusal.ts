import type {AclEntry} from '../../host/acl.ts';
import type {Mount} from '../../host/mounts.ts';
import type {AccessNeed} from '../../model/access-report.ts';
import type {Actor, ElementFacts} from './access-facts.ts';
import {closedFuseOwner, hasOneOwner, isClosedTo, isNetwork} from './file-systems.ts';

/** How numbers are shown. */
export interface AccountWords {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
}

/** `write` is reading and writing. */
export const NEED_BITS: Readonly<Record<AccessNeed, number>> = {read: 4, write: 6, execute: 1, search: 1, create: 3};

/** The rule that decides over one element for one process, and what it gives. */
interface Rule {
  readonly who: 'owner' | 'named user' | 'group' | 'others';
  readonly permissions: number;
}

/**
 * Why the kernel refuses a process something on an element, as the end of a sentence about it. The kernel's word
 * stands: where mode and access control list would allow it, something else refuses, and that is said.
 *
 * @see path_resolution(7), acl(5), "ACCESS CHECK ALGORITHM"
 */
export function explainRefusal(
  element: ElementFacts,
  needs: readonly AccessNeed[],
  actor: Actor,
  words: AccountWords,
): string {
  const {mount} = element;
  const writes = needs.some(need => need === 'write' || need === 'create');
  if (writes && mount?.readOnly) return `the ${mount.fsType} file system at ${mount.point} is mounted read-only`;
  if (needs.includes('execute') && mount?.noExec) return `the file system at ${mount.point} is mounted noexec`;
  if (mount && isClosedTo(mount, actor)) return closedFuse(mount, words);
  if (mount && isNetwork(mount.fsType) && actor.uid === 0) return squashed(mount);
  if (writes && element.isImmutable) return 'it is immutable, also for root (lsattr shows i)';
  const rule = ruleFor(element, actor);
  const wanted = needs.reduce((bits, need) => bits | NEED_BITS[need], 0);
  const missing = wanted & ~rule.permissions;
  if (missing === 0) return beyondModes(element);
  const sentence = `${describeRule(rule, element, actor, words)} may not ${lackWords(missing, element.kind === 'directory')}`;
  return mount && hasOneOwner(mount.fsType)
    ? `${sentence}; ${mount.fsType} keeps no owners: chown does nothing`
    : sentence;
}

/** @param mount  that is another user's alone */
export function closedFuse(mount: Mount, words: AccountWords): string {
  const owner = words.user(closedFuseOwner(mount) ?? 0);
  return `the FUSE file system at ${mount.point} is ${owner}'s alone, also root is kept out: it has to be mounted with allow_other (/etc/fuse.conf: user_allow_other)`;
}

function squashed({fsType, point}: Mount): string {
  return `it lies on ${fsType} (${point}), whose server takes root for nobody (root_squash): export it with no_root_squash, or let guests run as a user who may open it`;
}

/** The entry that applies: the first of owner, named user, groups, others; groups give all that one of them gives. */
export function ruleFor(element: ElementFacts, actor: Actor): Rule {
  const acl = element.acl ?? modeEntries(element.mode);
  const mask = acl.find(({tag}) => tag === 'mask')?.permissions ?? 7;
  const of = (tag: AclEntry['tag']) => acl.filter(entry => entry.tag === tag);
  if (element.uid === actor.uid) return {who: 'owner', permissions: of('owner')[0]?.permissions ?? 0};
  const named = of('user').find(({id}) => id === actor.uid);
  if (named) return {who: 'named user', permissions: named.permissions & mask};
  const groups = new Set([actor.gid, ...actor.groups]);
  const matching = [
    ...(groups.has(element.gid) ? of('owning group') : []),
    ...of('group').filter(({id}) => id !== undefined && groups.has(id)),
  ];
  if (matching.length === 0) return {who: 'others', permissions: of('other')[0]?.permissions ?? 0};
  // An entry alone has to give all that is asked; none of ours asks for what two entries give together.
  return {who: 'group', permissions: Math.max(...matching.map(({permissions}) => permissions & mask))};
}

function modeEntries(mode: number): readonly AclEntry[] {
  return [
    {tag: 'owner', permissions: (mode >> 6) & 7},
    {tag: 'owning group', permissions: (mode >> 3) & 7},
    {tag: 'other', permissions: mode & 7},
  ];
}

function describeRule({who}: Rule, element: ElementFacts, actor: Actor, words: AccountWords): string {
  const isPowerless = actor.uid === 0 && !actor.hasCapabilities;
  // Its name alone would let people think that no mode concerns it.
  const user = isPowerless ? `${words.user(actor.uid)} without capabilities` : words.user(actor.uid);
  const owner = `it belongs to ${words.user(element.uid)}:${words.group(element.gid)}, mode ${formatMode(element.mode)}`;
  switch (who) {
    case 'owner':
      return `${owner}: its owner ${user}`;
    case 'named user':
      return `${owner}, with an access control list: ${user}`;
    case 'group':
      return `${owner}: ${user}, of its group,`;
    case 'others':
      return isPowerless ? `${owner}: ${user} counts as any other user here and` : `${owner}: others, so ${user},`;
  }
}

/** What the missing bits would allow. */
function lackWords(missing: number, isDirectory: boolean): string {
  const [read, write, execute] = isDirectory
    ? ['list it', 'create files in it', 'pass through it']
    : ['read', 'write', 'execute'];
  const lacks = [...(missing & 4 ? [read] : []), ...(missing & 2 ? [write] : []), ...(missing & 1 ? [execute] : [])];
  return isDirectory ? lacks.join(' and ') : `${lacks.join(' and ')} it`;
}

function beyondModes({mount}: ElementFacts): string {
  if (mount && isNetwork(mount.fsType)) return `its mode would allow it: the ${mount.fsType} server refuses`;
  return 'its mode would allow it: something else refuses, such as an access control list or a security module';
}

/** As `ls` and `chmod` know it, e.g. `0640`. */
export function formatMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
