import {readdir, stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';

/** More are no help to somebody who completes a path. */
const MAX_NAMES = 500;

/**
 * The names in a directory that the last part of a path may be completed to, directories with a `/` at the end; hidden
 * ones only where the part begins with a dot. Never fails: of what cannot be read there are none.
 *
 * @param cwd  what a relative path is relative to
 */
export async function listFiles(path: string, cwd: string): Promise<readonly string[]> {
  const at = path.lastIndexOf('/') + 1;
  const [directory, start] = [resolve(cwd, path.slice(0, at) || '.'), path.slice(at)];
  try {
    const entries = (await readdir(directory, {withFileTypes: true}))
      .filter(({name}) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')))
      .slice(0, MAX_NAMES);
    const marks = entries.map(async entry => {
      const isDirectory =
        entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectoryAt(join(directory, entry.name))));
      return isDirectory ? `${entry.name}/` : entry.name;
    });
    return await Promise.all(marks);
  } catch {
    return []; // every reason is the same answer
  }
}

async function isDirectoryAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // a link that leads nowhere
  }
}

/** A path as a person writes it: `~/` is the home directory. */
export function expandHome(path: string, home: string | undefined): string {
  return home && (path === '~' || path.startsWith('~/')) ? home + path.slice(1) : path;
}
