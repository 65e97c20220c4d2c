import {VirtError} from '../base/virt-error.ts';
import {readProcessStatus} from '../host/proc.ts';
import {hasCapability} from '../model/process-capabilities.ts';
import {parseCredentials} from '../security/parse-status.ts';
import type {Confinement} from './live-status.ts';

type Wish = Pick<Confinement, 'uid' | 'gid' | 'groups' | 'dropCapabilities'>;

/** As `requireRights`, of this process. */
export async function requireOwnRights(name: string, wish: Wish): Promise<void> {
  const own = parseCredentials((await readProcessStatus(process.pid)) ?? '', undefined);
  if (own) requireRights(name, wish, own.capabilities.effective);
}

/**
 * Refuses beforehand what `setpriv` could not do, or would leave out without a word: a root of a container may lack the rights
 * to become another user and to drop its own.
 *
 * @param effective  the capabilities of this process, as `CapEff` of `/proc/PID/status`
 * @throws {VirtError} OPERATION_DENIED with what is missing
 * @see capabilities(7); util-linux 2.38, sys-utils/setpriv.c: the bounding set stays whole without CAP_SETPCAP
 */
export function requireRights(name: string, {uid, gid, groups, dropCapabilities}: Wish, effective: bigint): void {
  const needed = [
    ...(groups === undefined ? [] : (['setgid', 'setuid'] as const)),
    ...(dropCapabilities ? (['setpcap'] as const) : []),
  ];
  const missing = needed.filter(right => !hasCapability(effective, right)).map(right => `CAP_${right.toUpperCase()}`);
  if (missing.length === 0) return;
  const wish = dropCapabilities ? 'without capabilities' : 'with the capabilities of root';
  throw new VirtError(
    'OPERATION_DENIED',
    'SECURITY',
    `cannot start domain '${name}' as +${uid}:+${gid}, ${wish}: this process of root's lacks ${missing.join(' and ')}`,
    {
      hint: `run virtty with ${missing.length === 1 ? 'that capability' : 'those capabilities'}, as a container gets them by --cap-add, or as a user who is not root`,
    },
  );
}
