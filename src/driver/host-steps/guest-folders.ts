import {chmod, stat} from 'node:fs/promises';
import {VirtError} from '../../base/virt-error.ts';
import {ensurePrivateDir, fileError, fileExists} from '../../host/files.ts';
import {giveFolder} from '../../host/give-file.ts';
import {walkPath} from '../../host/path-walk.ts';
import {probeAccess} from '../../host/probe-access.ts';
import {makeLabelledDir} from '../../host/set-file-label.ts';
import {type GuestIdentity, isAnotherUser} from '../../security/guest-identity.ts';
import type {HostStep} from './host-step.ts';
import {labelError} from './set-label.ts';

/** All may pass, and not look around. */
const PASSABLE = 0o011;

/**
 * Lets a guest's user through folders of the instance, as far as they are there, and asks the kernel whether it gets there.
 *
 * @param folders  made by the driver, and nobody else's
 * @throws {VirtError} OPERATION_FAILED naming the folder above them that does not let it through
 */
export async function letThrough(folders: readonly string[], guest: GuestIdentity): Promise<void> {
  if (!isAnotherUser(guest)) return;
  const there = [];
  for (const folder of folders) if (await fileExists(folder)) there.push(folder);
  for (const folder of there) await open(folder);
  const elements = [...new Set(there.flatMap(folder => walkPath(folder).elements))];
  const above = elements.filter(({kind}) => kind === 'directory').map(({path}) => path);
  const {uid, gid, groups = []} = guest;
  const actor = {uid, gid, groups, hasCapabilities: false};
  const answers = await probeAccess(
    above.map(path => ({path, need: 'search' as const})),
    actor,
  );
  if ('why' in answers)
    throw new VirtError('OPERATION_FAILED', 'SECURITY', `cannot become the user ${uid}: ${answers.why}`);
  const closed = above[answers.indexOf(false)];
  if (closed === undefined) return;
  const message = `cannot let the user ${uid} of the guest through to ${there[0]}: it may not pass ${closed}`;
  throw new VirtError('OPERATION_FAILED', 'SECURITY', message, {hint: `chmod o+x ${closed}`});
}

async function open(folder: string): Promise<void> {
  try {
    const {mode} = await stat(folder);
    if ((mode & PASSABLE) !== PASSABLE) await chmod(folder, (mode & 0o7777) | PASSABLE);
  } catch (error) {
    throw fileError('let guests through', folder, error);
  }
}

/**
 * The directory of a run, and in it that of the guest's processes.
 *
 * @throws {VirtError} SYSTEM_ERROR; OPERATION_FAILED when the policy refuses the label
 */
export async function makeRunDir({
  path,
  guestDir,
  owner,
  label,
}: Extract<HostStep, {readonly do: 'make-run-dir'}>): Promise<void> {
  await ensurePrivateDir(path);
  if (owner && owner.uid !== 0) await open(path);
  await (label === undefined ? ensurePrivateDir(guestDir) : makeLabelled(guestDir, label));
  if (owner) await giveFolder(guestDir, owner);
}

async function makeLabelled(path: string, label: string): Promise<void> {
  const refused = await makeLabelledDir(path, label);
  if (refused) throw labelError(path, label, refused);
}
