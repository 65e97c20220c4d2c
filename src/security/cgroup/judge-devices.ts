import type {AccessFinding, Remedy} from '../../model/access-report.ts';
import type {DeviceNumber} from './device-list.ts';
import {type DeviceRule, deviceOf, formatRule} from './device-rule.ts';

/** A list of devices, and what is said where it refuses one. */
export interface ExplainedList {
  readonly rules: readonly DeviceRule[];
  /** Goes on from a path, e.g. `is not on the device list of ...`. */
  readonly why: string;
  /** What would let a rule in; none where there is nothing. */
  readonly remedies: (rule: DeviceRule, path: string) => readonly Remedy[];
}

/**
 * Findings with what a list of devices refuses: it is asked after the rights to a file, when that is opened.
 *
 * @param numberOf  of the device that a path leads to; undefined when it leads to none
 */
export function judgeDevices(
  findings: readonly AccessFinding[],
  {rules, why, remedies}: ExplainedList,
  numberOf: (path: string) => DeviceNumber | undefined,
): readonly AccessFinding[] {
  return findings.map(finding => {
    const {path, access, verdict} = finding;
    const number = verdict === 'ok' || verdict === 'unknown' ? numberOf(path) : undefined;
    if (number === undefined) return finding;
    const rule = {...number, access: access === 'read' ? 'r' : 'rw'};
    if (rules.some(one => allows(one, rule))) return finding;
    const named = `${path} (${formatRule(rule)}) ${why}`;
    return {...finding, verdict: 'refused' as const, why: named, remedies: remedies(rule, path)};
  });
}

/** What is asked for at once has to be in one rule. */
function allows(rule: DeviceRule, wanted: DeviceRule): boolean {
  const isOfIt = deviceOf(rule) === deviceOf(wanted) || deviceOf(rule) === deviceOf({...wanted, minor: '*'});
  return isOfIt && [...wanted.access].every(letter => rule.access.includes(letter));
}
