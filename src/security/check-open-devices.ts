import type {SecurityCheck} from '../model/security-report.ts';
import {type DeviceRule, deviceOf} from './cgroup/device-rule.ts';

/** A device that a process has open. */
export interface OpenDevice extends Omit<DeviceRule, 'access' | 'node'> {
  /** As the kernel names it, e.g. `/dev/null`; outside text. */
  readonly path: string;
}

/** What a guest may have open. */
export interface ExpectedDevices {
  /** The list that its start asked for; absent where there is none. */
  readonly list?: readonly DeviceRule[];
  /** What its definition opens, and what every guest opens. */
  readonly known: readonly DeviceRule[];
}

/**
 * Each device that a process has open, once, with how often, and whether it is of its device list or its definition. What
 * is neither was opened by somebody else's wish: over a monitor, or before the process was held to a list.
 */
export function checkOpenDevices(
  open: readonly OpenDevice[] | undefined,
  expected: ExpectedDevices,
): readonly SecurityCheck[] {
  const aspect = 'open devices';
  if (!open) return [{aspect, asked: 'of its definition', observed: 'this user may not look', verdict: 'unknown'}];
  const groups = Map.groupBy(open, device => `${deviceOf(device)} ${device.path}`);
  return [...groups].flatMap(([name, [device, ...more]]) => {
    if (!device) return [];
    const asked = askedWords(device, expected);
    const observed = more.length === 0 ? 'open' : `open ${more.length + 1} times`;
    return [
      {aspect: `open device ${name}`, asked: asked ?? 'not asked for', observed, verdict: asked ? 'ok' : 'drift'},
    ];
  });
}

function askedWords(device: OpenDevice, {list, known}: ExpectedDevices): string | undefined {
  if (list && includes(list, device)) return 'on its list';
  if (includes(known, device)) return list ? 'what guests open' : 'of its definition, or what guests open';
  // Made by the kernel for a network card of macvtap, with a number that nobody knows before; handed over when it starts.
  return /^\/dev\/tap\d+$/.test(device.path) ? 'its network card' : undefined;
}

function includes(rules: readonly DeviceRule[], device: OpenDevice): boolean {
  return rules.some(
    rule => deviceOf(rule) === deviceOf(device) || deviceOf(rule) === deviceOf({...device, minor: '*'}),
  );
}
