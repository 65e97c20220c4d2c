import {link, readFile, rm, writeFile} from 'node:fs/promises';
import {VirtError} from '../base/virt-error.ts';
import {errnoOf, fileError} from '../host/files.ts';
import {isAlive, type ProcessIdentity, readProcess} from '../host/proc.ts';

/** The right to change an instance, held by one process at a time. */
export interface InstanceLock {
  release(): Promise<void>;
}

/** Who owns an instance now; undefined when nobody does, also when its owner died without a word. */
export async function findOwner(runDir: string): Promise<ProcessIdentity | undefined> {
  const owner = await readOwner(lockPath(runDir));
  return owner && isAlive(owner) ? owner : undefined;
}

/**
 * Takes ownership of an instance.
 *
 * @param what  the instance as the error names it
 * @throws {VirtError} RESOURCE_BUSY with the pid of the owner, SYSTEM_ERROR when the directory cannot be written
 */
export async function acquireInstance(runDir: string, what: string): Promise<InstanceLock> {
  const path = lockPath(runDir);
  const self = readProcess(process.pid);
  if (!self) throw new Error('no /proc/self/stat');
  const mine = `${path}.${self.pid}`;
  try {
    await writeFile(mine, JSON.stringify({pid: self.pid, startTicks: self.startTicks}), {mode: 0o600});
  } catch (error) {
    throw fileError('take ownership with', path, error, 'choose a directory that you may write to');
  }
  try {
    while (!(await linkIfFree(mine, path))) await clearStaleOwner(path, what);
  } finally {
    await rm(mine, {force: true});
  }
  return {release: () => rm(path, {force: true})};
}

function lockPath(runDir: string): string {
  return `${runDir}/owner`;
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileError('take ownership with', to, error);
  }
}

async function clearStaleOwner(path: string, what: string): Promise<void> {
  const owner = await readOwner(path);
  if (owner && isAlive(owner)) {
    throw new VirtError(
      'RESOURCE_BUSY',
      'QEMU',
      `cannot change ${what}: it is open in another virtty, process ${owner.pid}`,
      {
        hint: `use that one, look only (virtty -r), or quit it first, its guests go on running: kill ${owner.pid}`,
      },
    );
  }
  await rm(path, {force: true});
}

async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const {pid, startTicks} = JSON.parse(await readFile(path, 'utf8')) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof startTicks === 'number' ? {pid, startTicks} : undefined;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw fileError('read', path, error);
  }
}
