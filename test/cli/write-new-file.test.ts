import {readFile, stat} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {writeNewFile} from '../../src/cli/write-new-file.ts';
import {withTempRoot} from '../support/temp-root.ts';

test('writes a file for its owner alone, and none that is there already', () =>
  withTempRoot(async root => {
    const path = root.join('history.txt');
    expect(await writeNewFile('history.txt', 'first\n', root.path)).toBe(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writeNewFile(path, 'second\n', '/')).rejects.toThrow(/cannot write/);
    expect(await readFile(path, 'utf8')).toBe('first\n');
  }));
