import {rename, rm, writeFile} from 'node:fs/promises';
import {assertNever} from '../base/assert-never.ts';
import type {UndoStack} from '../base/disposable.ts';
import {ensurePrivateDir, errnoOf, fileError} from '../host/files.ts';
import type {HostStep} from './launch-plan.ts';

/**
 * Does the steps of a plan in order, each undo registered before the next step can fail.
 *
 * @throws {VirtError} SYSTEM_ERROR naming the path of the step that failed; what was done is on the stack
 */
export async function applySteps(steps: readonly HostStep[], undo: UndoStack): Promise<void> {
  for (const step of steps) await applyStep(step, undo);
}

async function applyStep(step: HostStep, undo: UndoStack): Promise<void> {
  switch (step.do) {
    case 'make-run-dir':
      // What a crash of the host left there belongs to nobody: the domain is not running.
      await rm(step.path, {recursive: true, force: true});
      await ensurePrivateDir(step.path);
      undo.push(`make ${step.path}`, () => rm(step.path, {recursive: true, force: true}));
      return;
    case 'rotate-log':
      if (await moveIfThere(step.path, step.previous)) {
        undo.push(`rotate ${step.path}`, async () => void (await moveIfThere(step.previous, step.path)));
      }
      return;
    case 'create-log':
      await writeFile(step.path, '', {mode: 0o600}).catch((error: unknown) => {
        throw fileError('create the log', step.path, error);
      });
      undo.push(`create ${step.path}`, () => rm(step.path, {force: true}));
      return;
    default:
      assertNever(step);
  }
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw fileError('rename', from, error);
  }
}
