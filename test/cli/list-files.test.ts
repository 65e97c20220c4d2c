import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {expandHome, listFiles} from '../../src/cli/list-files.ts';
import {withTempRoot} from '../support/temp-root.ts';

test('lists what a path may go on with: directories with a slash, hidden files only when asked for', async () => {
  await withTempRoot(async root => {
    await mkdir(root.join('web'));
    await symlink(root.join('web'), root.join('www'));
    await symlink(root.join('nowhere'), root.join('wrong'));
    await writeFile(root.join('.web'), '');
    await writeFile(root.join('mail'), '');
    expect((await listFiles('w', root.path)).toSorted()).toEqual(['web/', 'wrong', 'www/']);
    expect(await listFiles(`${root.path}/.`, '/')).toEqual(['.web']);
    expect(await listFiles('mail/x', root.path)).toEqual([]);
    expect(await listFiles('missing/', root.path)).toEqual([]);
  });
});

test('~ is the home directory', () => {
  expect(expandHome('~/a', '/root')).toBe('/root/a');
  expect(expandHome('~a', '/root')).toBe('~a');
  expect(expandHome('~/a', undefined)).toBe('~/a');
});
