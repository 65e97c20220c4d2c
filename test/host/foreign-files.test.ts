import {linkSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {giveFile, giveFolder} from '../../src/host/give-file.ts';
import {removeTree} from '../../src/host/remove-tree.ts';
import {withTempRoot} from '../support/temp-root.ts';

const isRoot = process.getuid?.() === 0;
const OWNER = {uid: 61_155, gid: 61_209};

test('a tree is removed, and what its links lead to is not', () =>
  withTempRoot(async root => {
    mkdirSync(root.join('tree/a/b'), {recursive: true});
    mkdirSync(root.join('kept'));
    writeFileSync(root.join('kept/file'), 'x');
    for (const name of ['tree/to-folder', 'tree/a/b/to-folder']) symlinkSync(root.join('kept'), root.join(name));
    symlinkSync(root.join('kept/file'), root.join('tree/to-file'));
    symlinkSync('/no/where', root.join('tree/to-nothing'));
    await removeTree(root.join('tree'));
    expect(readdirSync(root.path)).toEqual(['kept']);
    expect(readdirSync(root.join('kept'))).toEqual(['file']);
  }));

test('a link in the place of a tree goes by itself, and what is not there is no error', () =>
  withTempRoot(async root => {
    mkdirSync(root.join('kept/in'), {recursive: true});
    symlinkSync(root.join('kept'), root.join('tree'));
    await removeTree(root.join('tree'));
    await removeTree(root.join('tree'));
    expect(readdirSync(root.path)).toEqual(['kept']);
    expect(readdirSync(root.join('kept'))).toEqual(['in']);
  }));

test('what cannot be removed is named', async () => {
  await expect(removeTree('/proc/self/fd')).rejects.toThrow("cannot remove '/proc/self/fd'");
});

test.skipIf(!isRoot)('a folder is given with its plain files, its links and folders are not (needs root)', () =>
  withTempRoot(async root => {
    mkdirSync(root.join('folder/inner'), {recursive: true});
    writeFileSync(root.join('folder/file'), 'x');
    writeFileSync(root.join('other'), 'x');
    symlinkSync(root.join('other'), root.join('folder/link'));
    await giveFolder(root.join('folder'), OWNER);
    expect(['folder', 'folder/file'].map(name => statSync(root.join(name)).uid)).toEqual([OWNER.uid, OWNER.uid]);
    expect(['other', 'folder/inner', 'folder/link'].map(name => lstatSync(root.join(name)).uid)).toEqual([0, 0, 0]);
  }),
);

test.skipIf(!isRoot)(
  'nobody is given what a link or a second name leads to, or what is of another kind (needs root)',
  () =>
    withTempRoot(async root => {
      writeFileSync(root.join('mine'), 'x');
      writeFileSync(root.join('plain'), 'x');
      linkSync(root.join('mine'), root.join('second'));
      symlinkSync(root.join('plain'), root.join('link'));
      await expect(giveFile(root.join('second'), 'file', OWNER)).rejects.toThrow('it is no plain file');
      await expect(giveFile(root.join('link'), 'file', OWNER)).rejects.toThrow('it is no plain file');
      await expect(giveFile(root.join('plain'), 'socket', OWNER)).rejects.toThrow('it is no plain socket');
      await expect(giveFile(root.join('none'), 'file', OWNER)).rejects.toThrow('there is no such file');
      expect(['mine', 'plain'].map(name => statSync(root.join(name)).uid)).toEqual([0, 0]);
    }),
);

test.skipIf(!isRoot)('a socket is given (needs root)', () =>
  withTempRoot(async root => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(root.join('s.sock'), resolve));
    await giveFile(root.join('s.sock'), 'socket', OWNER);
    expect(statSync(root.join('s.sock'))).toMatchObject(OWNER);
    await new Promise<void>(resolve => server.close(() => resolve()));
  }),
);
