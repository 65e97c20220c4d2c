import {copyFile, open, rename, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {UndoStack} from '../../base/disposable.ts';
import {VirtError} from '../../base/virt-error.ts';
import {ensurePrivateDir, fileError, fileExists} from '../../host/files.ts';
import type {HostStep} from './host-step.ts';

type CreateNvram = Extract<HostStep, {readonly do: 'create-nvram'}>;

/**
 * Copies the template of a firmware's variables to where a domain has its own, unless they are there.
 *
 * @param undo  gets the removal of a file that was made here; one that was there is the domain's and stays
 * @throws {VirtError} SYSTEM_ERROR naming the file that cannot be read or written, OPERATION_FAILED without a template
 */
export async function createNvram({path, template, owner}: CreateNvram, undo: UndoStack): Promise<void> {
  if (await fileExists(path)) return;
  if (template === undefined) {
    throw new VirtError(
      'OPERATION_FAILED',
      'QEMU',
      `cannot make the variables '${path}' of the firmware: there is no template`,
      {
        hint: "name one that belongs to the image: <nvram template='/usr/share/OVMF/OVMF_VARS.fd'/>",
      },
    );
  }
  await ensurePrivateDir(dirname(path), 0o711);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await copyFile(template, temporary);
    const file = await open(temporary, 'r+');
    try {
      await file.chmod(0o600);
      if (owner) await file.chown(owner.uid, owner.gid);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw fileError(`copy the variables of the firmware from '${template}' to`, path, error);
  }
  undo.push(`make ${path}`, () => rm(path, {force: true}));
}
