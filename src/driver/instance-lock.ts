import {VirtError} from '../base/virt-error.ts';
import type {ProcessIdentity} from '../host/proc.ts';
import {ProcessLock} from '../host/process-lock.ts';

/** The right to change an instance, held by one process at a time. */
export interface InstanceLock {
  release(): Promise<void>;
}

/** Who owns an instance now; undefined when nobody does, also when its owner died without a word. */
export async function findOwner(runDir: string): Promise<ProcessIdentity | undefined> {
  return ownerLock(runDir).holder;
}

/**
 * Takes ownership of an instance.
 *
 * @param what  the instance as the error names it
 * @throws {VirtError} RESOURCE_BUSY with the pid of the owner, SYSTEM_ERROR when the directory cannot be written
 */
export async function acquireInstance(runDir: string, what: string): Promise<InstanceLock> {
  const lock = ownerLock(runDir);
  const owner = lock.take({}, {again: false});
  if (owner) {
    throw new VirtError(
      'RESOURCE_BUSY',
      'QEMU',
      `cannot change ${what}: it is open in another virtty, process ${owner.pid}`,
      {
        hint: `use that one, look only (virtty -r), or quit it first, its guests go on running: kill ${owner.pid}`,
      },
    );
  }
  return {release: async () => lock.release()};
}

function ownerLock(runDir: string): ProcessLock {
  return new ProcessLock(`${runDir}/owner`, {
    tried: 'take ownership with',
    hint: 'choose a directory that you may write to',
  });
}
