import {rename, rm} from 'node:fs/promises';
import {assertNever} from '../../base/assert-never.ts';
import type {UndoStack} from '../../base/disposable.ts';
import {VirtError} from '../../base/virt-error.ts';
import {ensurePrivateDir, errnoOf, fileError, fileExists, removeFile} from '../../host/files.ts';
import {giveFolder} from '../../host/give-file.ts';
import {removeTree} from '../../host/remove-tree.ts';
import {makeGroup} from '../cgroup/own-group.ts';
import {grantFiles} from '../grants/grant-files.ts';
import {createNvram} from './create-nvram.ts';
import {letThrough, makeRunDir} from './guest-folders.ts';
import type {HostStep} from './host-step.ts';
import {runCommand} from './run-command.ts';
import {setLabel} from './set-label.ts';
import {startHelper} from './start-helper.ts';
import {takeBackAll, writeTakeBacks} from './take-back.ts';
import {createFile, writeSecret} from './write-secret.ts';

/**
 * Does the steps of a plan in order, each undo registered before the next step can fail.
 *
 * @returns what is worth knowing of what was done, a sentence each
 * @throws {VirtError} SYSTEM_ERROR naming the path of the step that failed; what was done is on the stack
 */
export async function applySteps(steps: readonly HostStep[], undo: UndoStack): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const step of steps) {
    if (step.do === 'grant-files') warnings.push(...(await applyGrants(step, undo)));
    else await applyStep(step, undo);
  }
  return warnings;
}

/** The files themselves are given back by what is done at the end. */
async function applyGrants({registry, user, domain, grants}: GrantStep, undo: UndoStack): Promise<readonly string[]> {
  const {warnings, made} = await grantFiles({registry, uuid: user, domain, grants});
  for (const path of made) undo.push(`create ${path}`, () => removeFile(path));
  return warnings;
}

type GrantStep = Extract<HostStep, {readonly do: 'grant-files'}>;

async function applyStep(step: Exclude<HostStep, GrantStep>, undo: UndoStack): Promise<void> {
  switch (step.do) {
    case 'make-run-dir':
      // What a crash left there belongs to nobody: the domain is not running.
      await takeBackAll(step.path);
      await removeTree(step.path);
      undo.push(`make ${step.path}`, () => removeTree(step.path));
      return makeRunDir(step);
    case 'let-through':
      return letThrough(step.folders, step.guest);
    case 'make-dir':
      if (!(await fileExists(step.path))) undo.push(`make ${step.path}`, () => removeTree(step.path));
      await ensurePrivateDir(step.path, 0o711);
      if (step.owner) await giveFolder(step.path, step.owner);
      return;
    case 'write-file':
      return createFile(step.path, step.owner, step.text);
    case 'rotate-log':
      if (await moveIfThere(step.path, step.previous)) {
        undo.push(`rotate ${step.path}`, async () => void (await moveIfThere(step.previous, step.path)));
      }
      return;
    case 'create-log':
      await rm(step.path, {force: true});
      undo.push(`create ${step.path}`, () => rm(step.path, {force: true}));
      return createFile(step.path, step.owner);
    case 'create-nvram':
      return createNvram(step, undo);
    case 'write-take-backs':
      await writeTakeBacks(step.runDir, step.takeBacks);
      undo.push('take back what the start has made', () => takeBackOrThrow(step.runDir));
      return;
    case 'set-label':
      return setLabel(step);
    case 'run': {
      const {what, command, undo: takenBack, hint} = step;
      await runCommand(what, command, hint);
      if (takenBack) undo.push(what, () => runCommand(`take back: ${what}`, takenBack));
      return;
    }
    case 'create-file':
      await createFile(step.path, step.owner);
      undo.push(`create ${step.path}`, () => rm(step.path, {force: true}));
      return;
    case 'write-secret':
      await writeSecret(step);
      undo.push(`write ${step.path}`, () => rm(step.path, {force: true}));
      return;
    case 'start-helper':
      await startHelper(step.helper);
      return;
    case 'make-cgroup':
      return makeGroup(step.group, step.group.devices);
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

async function takeBackOrThrow(runDir: string): Promise<void> {
  const failures = await takeBackAll(runDir);
  if (failures.length > 0) throw new VirtError('SYSTEM_ERROR', 'QEMU', failures.join('; '));
}
