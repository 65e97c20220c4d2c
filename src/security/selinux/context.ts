/** An SELinux security context, `user:role:type:range`; a policy without levels has no range. */
export interface SelinuxContext {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly range?: string;
}

const NAME = /^[A-Za-z0-9_.-]+$/;
/** One level or two of them: `s0`, `s0:c34,c44`, `s0-s0:c0.c1023`; a host may have other names for the same. */
const RANGE = /^[A-Za-z0-9_.,:-]+$/;

/** libvirt's limit of a label. Source: libvirt 9.0.0, src/util/virseclabel.h, VIR_SECURITY_LABEL_BUFLEN. */
const MAX_LENGTH = 4096;

/**
 * Reads a context. The range is not looked into.
 *
 * @returns undefined for a text that is none
 */
export function parseContext(text: string): SelinuxContext | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [user = '', role = '', type = '', ...rest] = text.split(':');
  const range = rest.join(':');
  if (![user, role, type].every(name => NAME.test(name))) return undefined;
  if (rest.length === 0) return {user, role, type};
  return RANGE.test(range) ? {user, role, type, range} : undefined;
}

export function formatContext({user, role, type, range}: SelinuxContext): string {
  return [user, role, type, ...(range === undefined ? [] : [range])].join(':');
}

/** Why a text cannot be a label of a process or file; undefined for one that can. Whether the policy knows it, only the kernel says. */
export function refusedLabel(text: string): string | undefined {
  if (parseContext(text)) return undefined;
  return `${JSON.stringify(text.slice(0, 200))} is no SELinux context: it has to be USER:ROLE:TYPE or USER:ROLE:TYPE:RANGE, of letters, digits and _ . , : -`;
}

/** The levels that a range spans: a sensitivity, and the categories of the upper one, ascending. */
export interface MlsRange {
  /** Of the lower level, e.g. `s0`. */
  readonly sensitivity: string;
  readonly categories: readonly number[];
}

/**
 * What a process may give to its guests. A range without categories, as one that was never restricted has it, stands for all.
 *
 * @param range  absent for a context without one
 * @returns undefined for a text that is no range of the kernel's own names
 * @see libvirt 9.0.0, src/security/security_selinux.c, virSecuritySELinuxMCSGetProcessRange
 */
export function parseRange(range = 's0'): MlsRange | undefined {
  const match = /^(s\d+)(?::([c\d.,]+))?(?:-s\d+(?::([c\d.,]+))?)?$/.exec(range);
  const [, sensitivity, low, high] = match ?? [];
  if (sensitivity === undefined) return undefined;
  const categories = parseCategories(high ?? low);
  return categories && {sensitivity, categories};
}

/** The categories of a label's upper level; undefined for one without. */
export function categoriesOf(context: SelinuxContext): string | undefined {
  const level = context.range?.split('-').at(-1);
  const colon = level?.indexOf(':') ?? -1;
  return colon < 0 ? undefined : level?.slice(colon + 1);
}

/** The kernel's limit of categories. Source: refpolicy, mcs_num_cats and mls_num_cats. */
const ALL_CATEGORIES = 1024;

function parseCategories(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return Array.from({length: ALL_CATEGORIES}, (_, number) => number);
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^c(\d{1,4})(?:\.c(\d{1,4}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) >= ALL_CATEGORIES) return undefined;
    for (let number = Number(first); number <= Number(last); number++) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}
