/** A device, or all of a major number, that the processes of a control group may open. */
export interface DeviceRule {
  /** `b`: block, `c`: character. */
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number | '*';
  /** Letters of `rwm` in that order: read, write, make a node. */
  readonly access: string;
  /** The node by which it was asked for, e.g. `/dev/null`; for people, the kernel has numbers only. */
  readonly node?: string;
}

const LETTERS = ['r', 'w', 'm'];

/** As the kernel writes it, e.g. `c 1:3 rw`. @see Linux, Documentation/admin-guide/cgroup-v1/devices.rst */
export function formatRule({type, major, minor, access}: DeviceRule): string {
  return `${type} ${major}:${minor} ${access}`;
}

/** What the kernel shows of a group that may open everything. */
const EVERYTHING = 'a *:* rwm';

/**
 * Reads `devices.list` of a control group.
 *
 * @returns `all` for a group that may open everything; undefined for what is no such list
 */
export function parseRuleList(text: string): readonly DeviceRule[] | 'all' | undefined {
  const lines = text.split('\n').filter(line => line !== '');
  if (lines.includes(EVERYTHING)) return 'all';
  const rules = lines.map(parseRule);
  return rules.every(rule => rule !== undefined) ? rules : undefined;
}

function parseRule(line: string): DeviceRule | undefined {
  const [, type, major, minor, access] = /^([bc]) (\d+):(\d+|\*) (r?w?m?)$/.exec(line) ?? [];
  if ((type !== 'b' && type !== 'c') || major === undefined || minor === undefined || !access) return undefined;
  return {type, major: Number(major), minor: minor === '*' ? minor : Number(minor), access};
}

/** Each device once, with all that any of its rules allows, in the order of their first rules. */
export function mergeRules(rules: readonly DeviceRule[]): readonly DeviceRule[] {
  const merged = new Map<string, DeviceRule>();
  for (const rule of rules) {
    const key = deviceOf(rule);
    const known = merged.get(key) ?? rule;
    const access = LETTERS.filter(letter => (known.access + rule.access).includes(letter)).join('');
    merged.set(key, {...known, access});
  }
  return [...merged.values()];
}

/** What one list allows and another does not, letter by letter. */
export function rulesBeyond(rules: readonly DeviceRule[], others: readonly DeviceRule[]): readonly DeviceRule[] {
  const known = new Map(mergeRules(others).map(rule => [deviceOf(rule), rule.access]));
  return mergeRules(rules).flatMap(rule => {
    const has = known.get(deviceOf(rule)) ?? '';
    const access = [...rule.access].filter(letter => !has.includes(letter)).join('');
    return access === '' ? [] : [{...rule, access}];
  });
}

/** What a rule is about, e.g. `c 1:3`. */
export function deviceOf({type, major, minor}: Pick<DeviceRule, 'type' | 'major' | 'minor'>): string {
  return `${type} ${major}:${minor}`;
}
