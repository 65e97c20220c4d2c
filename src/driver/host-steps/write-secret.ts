import {open, rm} from 'node:fs/promises';
import {fileError} from '../../host/files.ts';
import type {SecretValue} from '../argv/secret-args.ts';
import {readStoredSecret} from '../secret-store.ts';
import type {HostStep, StepOwner} from './host-step.ts';

type WriteSecret = Extract<HostStep, {readonly do: 'write-secret'}>;

/** Writes a secret's value where only the guest's process can read it. @throws {VirtError} NO_SECRET, SYSTEM_ERROR */
export async function writeSecret({path, value, plain, store, what, owner}: WriteSecret): Promise<void> {
  const text = await textOf(value, store, what);
  await createFile(path, owner, plain && value.from === 'store' ? Buffer.from(text, 'base64') : text);
}

/** Removes the files of secrets that an emulator has read. @throws {VirtError} SYSTEM_ERROR */
export async function removeSecrets(steps: readonly HostStep[]): Promise<void> {
  for (const step of steps) {
    if (step.do !== 'write-secret') continue;
    await rm(step.path, {force: true}).catch((error: unknown) => {
      throw fileError('remove the secret', step.path, error);
    });
  }
}

async function textOf(value: SecretValue, store: string, what: string): Promise<string> {
  return value.from === 'definition' ? value.text : await readStoredSecret(value, {folder: store, what});
}

/** Makes a file that must not be there yet, for its owner alone: it is given away before there is something in it. @throws {VirtError} SYSTEM_ERROR */
export async function createFile(path: string, owner: StepOwner, content: string | Uint8Array = ''): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      if (owner) await file.chown(owner.uid, owner.gid);
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError('create', path, error, 'remove it when no other guest uses it');
  }
}
