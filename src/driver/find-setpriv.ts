import {VirtError} from '../base/virt-error.ts';
import {isExecutable} from '../host/files.ts';
import {SETPRIV} from './keeper.ts';
import type {Confinement} from './live-status.ts';

/**
 * The program that confines a process; undefined where it is not installed and a session has nothing but its own user.
 *
 * @param tried  for the message: `cannot start domain 'web'`
 * @throws {VirtError} CONFIG_UNSUPPORTED where root's guest would run with more than was asked
 */
export async function findSetpriv(
  {groups, label}: Pick<Confinement, 'groups' | 'label'>,
  tried: string,
): Promise<string | undefined> {
  if (await isExecutable(SETPRIV)) return SETPRIV;
  if (groups === undefined && label === undefined) return undefined;
  const what = label === undefined ? "by which a guest of root's becomes its own user" : 'by which it gets its label';
  const message = `${tried}: there is no ${SETPRIV}, ${what}`;
  throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', message, {hint: 'install util-linux'});
}
