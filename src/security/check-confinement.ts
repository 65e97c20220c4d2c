import {capabilityWords} from '../model/process-capabilities.ts';
import type {ProcessCredentials, SecurityCheck} from '../model/security-report.ts';
import {parseContext} from './selinux/context.ts';

/** What the start of a domain asked of the kernel. */
export interface AskedConfinement {
  readonly uid: number;
  readonly gid: number;
  /** Absent: those of the driver, which a session cannot change. */
  readonly groups?: readonly number[];
  readonly dropCapabilities: boolean;
  readonly noNewPrivs: boolean;
  readonly seccomp: boolean;
  /** Absent: what the policy of the host gives it. */
  readonly label?: {readonly label: string};
}

/** How numbers are shown, e.g. `root (0)`. */
export interface Names {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
}

/** Holds what was asked against what the kernel reports, aspect by aspect, the weightiest first. */
export function checkConfinement(
  asked: AskedConfinement,
  seen: ProcessCredentials,
  names: Names,
): readonly SecurityCheck[] {
  return [
    checkIds(
      'user',
      named(asked.uid, names.user),
      Object.values(seen.uid).map(id => named(id, names.user)),
      seen.uid.effective === 0,
    ),
    checkIds(
      'group',
      named(asked.gid, names.group),
      Object.values(seen.gid).map(id => named(id, names.group)),
      false,
    ),
    checkGroups(asked, seen, names),
    checkCapabilities('effective capabilities', asked, seen.capabilities.effective),
    checkCapabilities('permitted capabilities', asked, seen.capabilities.permitted),
    checkCapabilities('inheritable capabilities', asked, seen.capabilities.inheritable),
    checkCapabilities('ambient capabilities', asked, seen.capabilities.ambient),
    checkBounding(asked, seen),
    checkFlag('no new privileges', asked.noNewPrivs, seen.noNewPrivs),
    checkSeccomp(asked, seen),
  ];
}

function named(id: number, name: (id: number) => string): string {
  const known = name(id);
  return known === String(id) ? known : `${known} (${id})`;
}

function checkIds(aspect: string, asked: string, seen: readonly string[], worthKnowing: boolean): SecurityCheck {
  const observed = [...new Set(seen)].join(', ');
  const verdict = observed !== asked ? 'drift' : worthKnowing ? 'note' : 'ok';
  return {aspect, asked, observed, verdict};
}

/** The kernel sorts them, and may list the group of the process itself. */
function checkGroups({gid, groups}: AskedConfinement, seen: ProcessCredentials, names: Names): SecurityCheck {
  const words = (ids: readonly number[]) => ids.map(id => named(id, names.group)).join(', ') || 'none';
  const observed = words(seen.groups);
  const aspect = 'supplementary groups';
  if (groups === undefined) return {aspect, asked: 'as the driver has', observed, verdict: 'ok'};
  const wanted = new Set([gid, ...groups]);
  const isAsAsked =
    seen.groups.every(id => wanted.has(id)) && groups.every(id => id === gid || seen.groups.includes(id));
  return {aspect, asked: words(groups), observed, verdict: isAsAsked ? 'ok' : 'drift'};
}

function checkCapabilities(aspect: string, asked: AskedConfinement, mask: bigint): SecurityCheck {
  const observed = capabilityWords(mask);
  if (!asked.dropCapabilities)
    return {aspect, asked: 'as the user has', observed, verdict: mask === 0n ? 'ok' : 'note'};
  return {aspect, asked: 'none', observed, verdict: mask === 0n ? 'ok' : 'drift'};
}

/** What a process could gain at most; nothing can be gained under no_new_privs. */
function checkBounding(asked: AskedConfinement, seen: ProcessCredentials): SecurityCheck {
  const check = checkCapabilities('bounding capabilities', asked, seen.capabilities.bounding);
  return check.verdict === 'note' && seen.noNewPrivs ? {...check, verdict: 'ok'} : check;
}

function checkFlag(aspect: string, asked: boolean, seen: boolean): SecurityCheck {
  return {
    aspect,
    asked: yesNo(asked),
    observed: yesNo(seen),
    verdict: asked === seen ? 'ok' : asked ? 'drift' : 'note',
  };
}

function checkSeccomp(asked: AskedConfinement, {seccomp}: ProcessCredentials): SecurityCheck {
  const observed = seccomp.mode === 'filter' ? `filter (${seccomp.filters})` : seccomp.mode;
  const isFiltered = seccomp.mode === 'filter';
  return {
    aspect: 'seccomp',
    asked: asked.seccomp ? 'filter' : 'nothing',
    observed,
    verdict: asked.seccomp && !isFiltered ? 'drift' : isFiltered ? 'ok' : 'note',
  };
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** What a process has, of which nobody knows what it should have: something else started it. */
export function observedConfinement(seen: ProcessCredentials, names: Names): readonly SecurityCheck[] {
  const {uid, gid} = seen;
  const asked = {uid: uid.real, gid: gid.real, groups: seen.groups, dropCapabilities: false, noNewPrivs: false};
  return unasked(checkConfinement({...asked, seccomp: false}, seen, names));
}

/** Checks with what was observed alone. */
export function unasked(checks: readonly SecurityCheck[]): readonly SecurityCheck[] {
  return checks.map(({aspect, observed}) => ({aspect, asked: 'not known', observed, verdict: 'unasked'}));
}

/**
 * The label of the security module in force; none where there is no module and nothing was asked. AppArmor's is a profile
 * with its mode, which the host gives by itself.
 */
export function checkLabel(
  {label: asked}: Pick<AskedConfinement, 'label'>,
  {label: seen}: ProcessCredentials,
): readonly SecurityCheck[] {
  if (asked) {
    const observed = seen ?? 'none';
    return [{aspect: 'SELinux label', asked: asked.label, observed, verdict: asked.label === seen ? 'ok' : 'drift'}];
  }
  if (seen === undefined) return [];
  const isContext = parseContext(seen) !== undefined;
  const isFree = seen === 'unconfined' || /^[^:]+:[^:]+:(?:unconfined_t|virtd_t|init_t|kernel_t)(?::|$)/.test(seen);
  return [
    {
      aspect: isContext ? 'SELinux label' : 'AppArmor profile',
      asked: "the policy's own",
      observed: seen,
      verdict: isFree ? 'note' : 'ok',
    },
  ];
}
