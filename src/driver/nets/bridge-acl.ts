import {readTextIfThere} from '../../host/files.ts';

/** What QEMU's helper reads. Source: QEMU 7.2, qemu-bridge-helper.c and configure, `qemu_confdir`. */
export const BRIDGE_ACL = '/etc/qemu/bridge.conf';

/** Files may include files, and each other. */
const MAX_DEPTH = 8;

/**
 * Whether QEMU's helper may connect a user with a bridge, as its file says: the last rule that fits counts, but one that
 * denies counts more.
 *
 * @returns undefined where the file may only be read by the helper itself
 */
export async function isBridgeAllowed(bridge: string, path: string = BRIDGE_ACL): Promise<boolean | undefined> {
  try {
    const rules = await readRules(path, 0);
    const verdicts = rules.filter(({name}) => name === 'all' || name === bridge).map(({verdict}) => verdict);
    return verdicts.includes('allow') && !verdicts.includes('deny');
  } catch {
    return undefined; // it is the helper that has to read it
  }
}

interface Rule {
  readonly verdict: 'allow' | 'deny';
  readonly name: string;
}

async function readRules(path: string, depth: number): Promise<readonly Rule[]> {
  const text = depth > MAX_DEPTH ? undefined : await readTextIfThere(path);
  const rules: Rule[] = [];
  for (const line of (text ?? '').split('\n')) {
    const [, word, name] = /^\s*(allow|deny|include)\s+(\S+)\s*$/.exec(line) ?? [];
    if (word === undefined || name === undefined) continue;
    if (word === 'include') rules.push(...(await readRules(name, depth + 1)));
    else rules.push({verdict: word === 'allow' ? 'allow' : 'deny', name});
  }
  return rules;
}
