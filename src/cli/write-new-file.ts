import {writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {fileError} from '../host/files.ts';

/**
 * Writes a text into a file that a person named and that is not there yet; only its owner may read it, since a guest's
 * console may show secrets.
 *
 * @param cwd  what a relative path is relative to
 * @returns the absolute path
 * @throws {VirtError} SYSTEM_ERROR also where the file is there already
 */
export async function writeNewFile(file: string, text: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    await writeFile(path, text, {mode: 0o600, flag: 'wx'});
  } catch (error) {
    throw fileError('write', path, error, 'give the name of a file that is not there yet');
  }
  return path;
}
