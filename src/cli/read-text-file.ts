import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {messageOf, VirtError} from '../base/virt-error.ts';

/**
 * Reads a file that a person named.
 *
 * @param cwd  what a relative path is relative to
 * @throws {VirtError} SYSTEM_ERROR with the absolute path
 */
export async function readTextFile(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new VirtError('SYSTEM_ERROR', 'NONE', `cannot read '${path}': ${messageOf(error)}`, {cause: error});
  }
}
