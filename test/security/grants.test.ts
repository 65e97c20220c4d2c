import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, lstatSync, statSync} from 'node:fs';
import {chmod, chown, link, mkdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {grantFiles, reconcileGrants, releaseGrants} from '../../src/driver/grants/grant-files.ts';
import type {FileGrant} from '../../src/security/file-grant.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? '' : ' (skipped: needs root)';

const GUEST = {uid: 64055, gid: 64056};
/** A user that owns images. */
const OWNER = 12345;
const STRANGER = 54321;

describe.skipIf(!isRoot)(`files that guests are given${asRoot}`, () => {
  let root: TempRoot;
  beforeEach(async () => {
    root = await makeTempRoot();
    await chmod(root.path, 0o755);
    await writeFile(root.join('a.img'), 'a', {mode: 0o640});
    await chown(root.join('a.img'), OWNER, OWNER);
  });
  afterEach(() => root.remove());

  const registry = () => root.join('grants.json');
  const grant = (path: string, more: Partial<FileGrant> = {}): FileGrant => ({
    path,
    what: "disk 'vda'",
    kind: 'file',
    access: 'write',
    shared: false,
    owner: GUEST,
    restore: true,
    ...more,
  });
  const give = (uuid: string, ...grants: readonly FileGrant[]) =>
    grantFiles({registry: registry(), uuid, domain: `d-${uuid}`, grants});
  const release = (uuid: string) => releaseGrants(registry(), uuid);
  const ownerOf = (path: string) => {
    const {uid, gid} = lstatSync(path);
    return `${uid}:${gid}`;
  };
  const given = `${GUEST.uid}:${GUEST.gid}`;
  const own = `${OWNER}:${OWNER}`;

  test('belong to the guest until it ends, then to whom they belonged', async () => {
    const path = root.join('a.img');
    expect(await give('1', grant(path))).toEqual({warnings: [], made: []});
    expect(ownerOf(path)).toBe(given);
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
    expect(JSON.parse(await readFile(registry(), 'utf8')).entries[0]).toMatchObject({
      before: {owner: {uid: OWNER, gid: OWNER}},
      given: {owner: GUEST},
      users: [{uuid: '1', domain: 'd-1', path}],
    });
    expect(await release('1')).toEqual([]);
    expect(ownerOf(path)).toBe(own);
    expect(existsSync(registry())).toBe(false);
    expect(await release('1')).toEqual([]);
  });

  test('that several share keep the guest’s owner until the last has ended', async () => {
    const path = root.join('a.img');
    const shared = grant(path, {shared: true});
    await give('1', shared);
    await give('2', shared);
    await release('1');
    expect(ownerOf(path)).toBe(given);
    await release('2');
    expect(ownerOf(path)).toBe(own);
  });

  test.each([
    ['the first has for itself', false, true, "domain 'd-1' has it for itself as disk 'vda'"],
    ['the second wants for itself', true, false, "domain 'd-1' uses it as disk 'vda'"],
  ])('that %s are refused to a second domain, under another name, too', async (_, first, second, why) => {
    const path = root.join('a.img');
    await give('1', grant(path, {shared: first}));
    await symlink(path, root.join('link.img'));
    const other = root.join('other.img');
    await writeFile(other, '');
    const wanted = [grant(other), grant(root.join('link.img'), {shared: second, what: "disk 'sda'"})];
    await expect(give('2', ...wanted)).rejects.toMatchObject({
      code: 'RESOURCE_BUSY',
      message: `cannot give domain 'd-2' disk 'sda': ${why}, '${root.join('link.img')}'`,
    });
    expect(ownerOf(other)).toBe('0:0');
    await release('1');
    expect(ownerOf(path)).toBe(own);
  });

  test('that are the socket of a server serve several guests', async () => {
    const [path, server] = [root.join('s'), createServer()];
    await once(server.listen(path), 'listening');
    try {
      const socket = grant(path, {kind: 'socket', what: 'serial port 0'});
      await give('1', socket);
      await give('2', socket);
      await release('2');
      expect(ownerOf(path)).toBe(given);
      await release('1');
      expect(ownerOf(path)).toBe('0:0');
    } finally {
      server.close();
    }
  });

  test('that are written by users of two kinds are refused, that are only read keep their owner', async () => {
    const path = root.join('a.img');
    await give('1', grant(path, {shared: true}));
    const other = {shared: true, owner: {uid: 3, gid: 3}};
    await expect(give('2', grant(path, other))).rejects.toMatchObject({
      code: 'RESOURCE_BUSY',
      message: expect.stringContaining(`'${path}' has the owner that domain 'd-1' needs`),
    });
    const {warnings} = await give('2', grant(path, {...other, access: 'read'}));
    expect(warnings).toEqual([`disk 'vda' keeps its owner: '${path}' has the owner that domain 'd-1' needs`]);
    await release('1');
    expect(ownerOf(path)).toBe(given);
    await release('2');
    expect(ownerOf(path)).toBe(own);
  });

  test('are all as they were when one cannot be given', async () => {
    const [a, b] = [root.join('a.img'), root.join('b.img')];
    await writeFile(b, '');
    await mkdir(root.join('folder'));
    await expect(give('1', grant(a), grant(b), grant(root.join('folder')))).rejects.toMatchObject({
      code: 'OPERATION_DENIED',
      message: `cannot give domain 'd-1' disk 'vda': '${root.join('folder')}' is a directory, and a regular file is needed`,
    });
    // The last fails when the others have been changed.
    await expect(give('1', grant(a), grant(b, {label: 'x'.repeat(70_000), labelIsNeeded: true}))).rejects.toMatchObject(
      {
        code: 'OPERATION_FAILED',
        message: expect.stringContaining(`the label of '${b}' stays as it is`),
      },
    );
    expect([ownerOf(a), ownerOf(b)]).toEqual([own, '0:0']);
    expect(existsSync(registry())).toBe(false);
  });

  test('that a domain has already stay its own when it cannot be given more', async () => {
    const [a, b] = [root.join('a.img'), root.join('b.img')];
    await writeFile(b, '');
    await give('1', grant(a));
    const failing = grant(root.join('c.img'), {create: true, label: 'x'.repeat(70_000), labelIsNeeded: true});
    await expect(give('1', grant(b), failing)).rejects.toMatchObject({code: 'OPERATION_FAILED'});
    expect([ownerOf(a), ownerOf(b), existsSync(root.join('c.img'))]).toEqual([given, '0:0', false]);
    expect(await release('1')).toEqual([]);
    expect(ownerOf(a)).toBe(own);
  });

  test('are made where a line writes into them, and go again when the start fails', async () => {
    const out = root.join('out');
    const {made} = await give('1', grant(out, {create: true}));
    expect(made).toEqual([out]);
    expect(ownerOf(out)).toBe(given);
    await release('1');
    expect(ownerOf(out)).toBe('0:0');
    await rm(out);
    await expect(give('1', grant(out, {create: true}), grant(`${root.path}/../x`))).rejects.toThrow();
    expect(existsSync(out)).toBe(false);
  });

  test('that are nodes of the kernel, under whatever path, are nobody’s', async () => {
    await symlink('/dev/null', root.join('nothing'));
    const before = ownerOf('/dev/null');
    const nodes = [root.join('nothing'), '/dev//urandom', '/dev/./tty'];
    await give('1', ...nodes.map(path => grant(path, {kind: 'char', shared: true})));
    expect([ownerOf('/dev/null'), ownerOf('/dev/urandom'), ownerOf('/dev/tty').startsWith('0:')]).toEqual([
      before,
      '0:0',
      true,
    ]);
    expect(existsSync(registry())).toBe(false);
  });

  test('that are not there are left to who opens them', async () => {
    expect(await give('1', grant(root.join('none')), grant(root.join('a.img', 'below')))).toEqual({
      warnings: [],
      made: [],
    });
    expect(existsSync(registry())).toBe(false);
  });

  describe('are not found by tricks:', () => {
    const refused = (path: string, why: string) =>
      expect(give('1', grant(path))).rejects.toMatchObject({
        code: 'OPERATION_DENIED',
        message: expect.stringContaining(`'${path}' ${why}`),
      });

    test("a path with '..'", () => refused(`${root.path}/x/../a.img`, "has '..' in it"));

    test('a link of a stranger, as the file or as a directory on the way', async () => {
      const folder = root.join('strange');
      await mkdir(folder, {mode: 0o777});
      await symlink(root.join('a.img'), `${folder}/disk.img`);
      execFileSync('chown', ['-h', String(STRANGER), `${folder}/disk.img`]);
      await refused(`${folder}/disk.img`, `leads over a link of user ${STRANGER} to what belongs to user ${OWNER}`);
      await symlink(root.path, `${folder}/way`);
      execFileSync('chown', ['-h', String(STRANGER), `${folder}/way`]);
      await refused(`${folder}/way/a.img`, `leads over a link of user ${STRANGER} to what belongs to user 0`);
      expect(ownerOf(root.join('a.img'))).toBe(own);
    });

    test('a link that a stranger puts in the place of his image at any moment', async () => {
      const [folder, victim] = [root.join('strange'), root.join('a.img')];
      await mkdir(folder);
      await chown(folder, STRANGER, STRANGER);
      const loop = `cd "$1" && : >x && while [ -e . ]; do
        ln -s "$2" l; mv -T l disk.img; : >n; mv -T n disk.img; done`;
      const words = [
        '--reuid',
        String(STRANGER),
        '--regid',
        String(STRANGER),
        '--clear-groups',
        'sh',
        '-c',
        loop,
        'sh',
      ];
      const swapping = spawn('setpriv', [...words, folder, victim], {stdio: 'ignore'});
      const ended = once(swapping, 'exit');
      const outcomes = new Set<string>();
      try {
        while (!existsSync(`${folder}/disk.img`)) await new Promise(setImmediate);
        for (let round = 0; round < 300; round++) {
          const outcome = await give('1', grant(`${folder}/disk.img`)).then(
            () => 'given',
            (error: unknown) => (error instanceof VirtError ? error.code : String(error)),
          );
          outcomes.add(outcome);
          expect(ownerOf(victim)).toBe(own);
          await release('1');
          expect(ownerOf(victim)).toBe(own);
        }
      } finally {
        swapping.kill('SIGKILL');
        await ended;
      }
      expect([...outcomes].filter(outcome => outcome !== 'given' && outcome !== 'OPERATION_DENIED')).toEqual([]);
    });

    test('links of root and links of the owner to his own are followed, round ones are not', async () => {
      await symlink('a.img', root.join('root.img'));
      await mkdir(root.join('his'));
      await chown(root.join('his'), OWNER, OWNER);
      await symlink('../root.img', root.join('his', 'link.img'));
      execFileSync('chown', ['-h', String(OWNER), root.join('his', 'link.img')]);
      for (const path of [root.join('root.img'), root.join('his', 'link.img')]) {
        await give('1', grant(path));
        expect(ownerOf(root.join('a.img'))).toBe(given);
        expect(await release('1')).toEqual([]);
        expect(ownerOf(root.join('a.img'))).toBe(own);
      }
      await symlink('round', root.join('round'));
      await refused(root.join('round'), 'leads round and round');
    });

    test('another name of a file in a directory of a stranger', async () => {
      const folder = root.join('strange');
      await mkdir(folder);
      await chown(folder, STRANGER, STRANGER);
      await link(root.join('a.img'), `${folder}/disk.img`);
      await refused(`${folder}/disk.img`, `is one of 2 names of a file of user ${OWNER}`);
      await give('1', grant(root.join('a.img'))); // by its name in root's directory it is given
      await release('1');
    });

    test('a program with the rights of its owner', async () => {
      await chmod(root.join('a.img'), 0o4755);
      await refused(root.join('a.img'), 'is a program with the rights of its owner');
      expect(statSync(root.join('a.img')).mode & 0o7777).toBe(0o4755);
    });
  });

  describe('are given back only as they are:', () => {
    test('one that was put in their place, or a link, is left alone', async () => {
      const path = root.join('a.img');
      await give('1', grant(path));
      await rename(path, root.join('moved.img'));
      await symlink('/etc/passwd', path);
      expect(await release('1')).toEqual([
        `disk 'vda': '${path}' does not get back what it had: another file is there now`,
      ]);
      expect(ownerOf('/etc/passwd')).toBe('0:0');
      expect(ownerOf(root.join('moved.img'))).toBe(given);
    });

    test('one whose owner somebody changed keeps that', async () => {
      const path = root.join('a.img');
      await give('1', grant(path));
      await chown(path, 7, 7);
      expect(await release('1')).toEqual([
        `disk 'vda': '${path}' does not get back what it had: somebody changed its owner to 7:7`,
      ]);
      expect(ownerOf(path)).toBe('7:7');
    });

    test('one that is gone needs nothing', async () => {
      const path = root.join('a.img');
      await give('1', grant(path));
      await rm(path);
      expect(await release('1')).toEqual([]);
      expect(existsSync(registry())).toBe(false);
    });

    test('those without a memory become root’s', async () => {
      const path = root.join('a.img');
      await give('1', grant(path, {restoreOwner: {uid: 0, gid: 0}}));
      await release('1');
      expect(ownerOf(path)).toBe('0:0');
    });
  });

  test('users that do not run any more are found in the registry, after a boot of the host, too', async () => {
    const [a, b] = [root.join('a.img'), root.join('b.img')];
    await writeFile(b, '');
    await give('1', grant(a));
    await give('2', grant(b));
    const text = await readFile(registry(), 'utf8');
    await writeFile(registry(), text.replaceAll(/"bootId":"[^"]*"/g, '"bootId":"another"'));
    expect(await reconcileGrants(registry(), uuid => uuid === '2')).toEqual([]);
    expect([ownerOf(a), ownerOf(b)]).toEqual([own, given]);
    await release('2');
  });

  test('starts at one time wait for each other', async () => {
    const paths = [...'0123456789'].map(name => root.join(name));
    for (const path of paths) await writeFile(path, '');
    await Promise.all(paths.map((path, index) => give(String(index), grant(path))));
    expect(paths.map(ownerOf)).toEqual(paths.map(() => given));
    await Promise.all(paths.map((_, index) => release(String(index))));
    expect(paths.map(ownerOf)).toEqual(paths.map(() => '0:0'));
    expect(existsSync(registry())).toBe(false);
  });

  test('that cannot be changed stay as they are, and it is said why, unless their mode is enough', async context => {
    const folder = root.join('folder');
    await mkdir(folder);
    const path = `${folder}/disk.img`;
    await writeFile(path, '', {mode: 0o644});
    const isMounted =
      spawnSync('mount', ['--bind', folder, folder]).status === 0 &&
      spawnSync('mount', ['-o', 'remount,bind,ro', folder]).status === 0;
    if (!isMounted) return context.skip('nothing can be mounted here');
    try {
      expect((await give('1', grant(path))).warnings).toEqual([
        `disk 'vda': the owner of '${path}' stays 0:0, mode 0644: its file system is read-only`,
      ]);
      expect(await release('1')).toEqual([]);
      expect((await give('2', grant(path, {access: 'read', shared: true}))).warnings).toEqual([]);
      expect(await release('2')).toEqual([]);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});
