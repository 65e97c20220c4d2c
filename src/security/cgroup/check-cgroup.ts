import {quoteWord} from '../../base/quote-shell.ts';
import type {SecurityCheck} from '../../model/security-report.ts';
import type {CgroupConfinement} from './cgroup-confinement.ts';
import {type DeviceRule, deviceOf, formatRule, mergeRules} from './device-rule.ts';

/** Where a process is held to devices, as the kernel or systemd says it. */
export interface ObservedCgroup {
  /** The directory of its group, or the name of its scope; undefined when it is in none that is known here. */
  readonly place: string | undefined;
  /** What that may open; undefined when nobody says it. */
  readonly devices: readonly DeviceRule[] | 'all' | undefined;
}

/** Where a guest is meant to be. */
export function placeOf(asked: CgroupConfinement): string {
  return asked.kind === 'scope' ? asked.unit : asked.path;
}

/**
 * Holds the group that was asked for against what is there: the place, then the list, device by device.
 *
 * @param pid  of the process that is looked at
 */
export function checkCgroup(asked: CgroupConfinement, seen: ObservedCgroup, pid?: number): readonly SecurityCheck[] {
  return [checkPlace(asked, seen, pid), ...checkDevices(asked.devices, seen.devices)];
}

function checkPlace(asked: CgroupConfinement, {place}: ObservedCgroup, pid: number | undefined): SecurityCheck {
  const wanted = placeOf(asked);
  const check = {aspect: 'control group', asked: inOwnFolder(wanted)};
  if (place === wanted) return {...check, observed: inOwnFolder(place), verdict: 'ok'};
  const isMovable = pid !== undefined && asked.kind !== 'scope';
  const remedies = isMovable ? [`echo ${pid} >${quoteWord(`${asked.path}/cgroup.procs`)}`] : undefined;
  return {
    ...check,
    observed: `moved out of its cgroup: ${place ?? 'it is in none'}`,
    verdict: 'drift',
    ...(remedies ? {remedies} : {}),
  };
}

/** Where a tree is mounted is the same for all. */
function inOwnFolder(place: string): string {
  return place.slice(Math.max(0, place.indexOf('/virtty/')));
}

function checkDevices(asked: readonly DeviceRule[], seen: ObservedCgroup['devices']): readonly SecurityCheck[] {
  if (seen === undefined) return [{...WHOLE_LIST, observed: 'cannot be read', verdict: 'unknown'}];
  if (seen === 'all') return [{...WHOLE_LIST, observed: 'every device', verdict: 'drift'}];
  const found = new Map(mergeRules(seen).map(rule => [deviceOf(rule), rule.access]));
  const own = mergeRules(asked).map(rule => checkDevice(rule, found.get(deviceOf(rule))));
  const known = new Set(asked.map(deviceOf));
  const added = mergeRules(seen).filter(rule => !known.has(deviceOf(rule)));
  return [...own, ...added.map(addedDevice)];
}

const WHOLE_LIST = {aspect: 'device list', asked: 'the nodes of its definition and of qemu.conf'};

function checkDevice(rule: DeviceRule, observed: string | undefined): SecurityCheck {
  const check = {aspect: aspectOf(rule), asked: rule.access};
  if (observed === undefined) return {...check, observed: 'rule missing', verdict: 'drift'};
  return {...check, observed, verdict: observed === rule.access ? 'ok' : 'drift'};
}

function addedDevice(rule: DeviceRule): SecurityCheck {
  return {aspect: aspectOf(rule), asked: 'no access', observed: `rule added: ${rule.access}`, verdict: 'drift'};
}

function aspectOf(rule: DeviceRule): string {
  return `device ${deviceOf(rule)}${rule.node === undefined ? '' : ` ${rule.node}`}`;
}

/**
 * What is said of a guest that was started without a list, by an older version, too.
 *
 * @param devices  what the group allows in which it is all the same
 */
export function withoutCgroup(isRoot: boolean, devices: ObservedCgroup['devices']): SecurityCheck {
  const isHeld = devices !== undefined && devices !== 'all';
  const observed = isHeld ? `what its group allows: ${devices.map(formatRule).join(', ')}` : 'what its user may open';
  return {aspect: 'device list', asked: 'none', observed, verdict: isRoot && !isHeld ? 'note' : 'ok'};
}
