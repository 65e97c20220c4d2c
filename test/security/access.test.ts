import {existsSync} from 'node:fs';
import {chmod, chown, mkdir, symlink, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {explainAccess} from '../../src/driver/explain-access.ts';
import {parseAcls} from '../../src/host/acl.ts';
import {parseImmutable} from '../../src/host/file-attributes.ts';
import {mountOf, parseMounts} from '../../src/host/mounts.ts';
import {walkPath} from '../../src/host/path-walk.ts';
import {runProgram} from '../../src/host/run-program.ts';
import {adviseRemedies} from '../../src/security/access/advise.ts';
import {explainRefusal, ruleFor} from '../../src/security/access/explain-refusal.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {type TempRoot, withTempRoot} from '../support/temp-root.ts';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? '' : ' (skipped: needs root)';
const hasAcls = existsSync('/usr/bin/setfacl');

/** A user that surely owns nothing. */
const STRANGER = {uid: 54321, gid: 54321, groups: [], hasCapabilities: false};
const POWERLESS_ROOT = {uid: 0, gid: 0, groups: [], hasCapabilities: false};
const WORDS = {user: (uid: number) => `u${uid}`, group: (gid: number) => `g${gid}`};

const element = (mode: number, uid = 1, gid = 2) => ({path: '/x', kind: 'file' as const, mode, uid, gid});

test.each([
  ['owner', element(0o640, 54321), 6],
  ['group', element(0o640, 1, 54321), 4],
  ['others', element(0o641), 1],
])('the rule of the %s decides', (who, facts, permissions) => {
  expect(ruleFor(facts, STRANGER)).toEqual({who, permissions});
});

test('an access control list decides by named users, and its mask takes away', () => {
  const acl = parseAcls('# file: /x\nuser::rw-\nuser:54321:rwx\t#effective:r-x\ngroup::r--\nmask::r-x\nother::---\n');
  expect(ruleFor({...element(0o650), acl: acl.get('/x') ?? []}, STRANGER)).toEqual({who: 'named user', permissions: 5});
});

test('a refusal is put into words', () => {
  expect(explainRefusal(element(0o600), ['write'], STRANGER, WORDS)).toBe(
    'it belongs to u1:g2, mode 0600: others, so u54321, may not read and write it',
  );
  expect(explainRefusal(element(0o600), ['read'], POWERLESS_ROOT, WORDS)).toBe(
    'it belongs to u1:g2, mode 0600: u0 without capabilities counts as any other user here and may not read it',
  );
  const mount = {point: '/mnt', fsType: 'ext4', source: '/dev/a', readOnly: true, noExec: false, superOptions: ['rw']};
  expect(explainRefusal({...element(0o666), mount}, ['write'], STRANGER, WORDS)).toContain('mounted read-only');
  const share = {...mount, point: '/nfs', fsType: 'nfs4', readOnly: false};
  expect(explainRefusal({...element(0o666), mount: share}, ['read'], POWERLESS_ROOT, WORDS)).toContain('root_squash');
});

const at = (line: string) => parseMounts(`1 0 8:1 / /m ${line}`)[0] ?? expect.fail(line);

test('a file system without owners is mounted anew by a person, what can only be read has no remedy', () => {
  const vfat = {...element(0o755, 0, 0), mount: at('rw - vfat /dev/sdb1 rw')};
  expect(explainRefusal(vfat, ['write'], STRANGER, WORDS)).toContain('vfat keeps no owners: chown does nothing');
  expect(adviseRemedies(vfat, ['write'], STRANGER, WORDS)).toEqual([
    {
      command: 'umount /m && mount -o uid=54321,gid=54321 /dev/sdb1 /m',
      changes: 'every file at /m belongs to u54321:g54321',
    },
  ]);
  const disc = {...element(0o444), mount: at('ro - iso9660 /dev/sr0 ro')};
  expect(adviseRemedies(disc, ['write'], STRANGER, WORDS)).toEqual([]);
  const plain = {...element(0o666), mount: at('rw - ext4 /dev/sdc1 ro')};
  expect(adviseRemedies(plain, ['write'], STRANGER, WORDS)).toMatchObject([
    {command: 'mount -o remount,rw /m', undo: {command: 'mount -o remount,ro /m'}},
  ]);
});

test('FUSE lets in its owner alone, or all', () => {
  const own = {...element(0o777), mount: at('rw - fuse.sshfs srv:/x rw,user_id=1000,group_id=1000')};
  expect(explainRefusal(own, ['read'], STRANGER, WORDS)).toContain("at /m is u1000's alone, also root is kept out");
  expect(explainRefusal(own, ['read'], {...STRANGER, uid: 1000}, WORDS)).not.toContain('alone');
  const all = {...element(0o770), mount: at('rw - fuse.sshfs srv:/x rw,user_id=1000,group_id=1000,allow_other')};
  expect(explainRefusal(all, ['read'], STRANGER, WORDS)).toContain('others, so u54321, may not read it');
});

test('reads what lsattr says', () => {
  const text =
    '----i---------e------- /srv/a b.img\n--------------e------- /srv/c\nlsattr: Operation not supported /dev/x\n';
  expect(parseImmutable(text)).toEqual(new Set(['/srv/a b.img']));
});

test.each([
  ['owner', element(0o400, 0), 'it belongs to u0:g2, mode 0400: its owner u0 without capabilities may not write it'],
  [
    'of the group',
    element(0o640, 1, 0),
    'it belongs to u1:g0, mode 0640: u0 without capabilities, of its group, may not write it',
  ],
])('root without capabilities is named as such when it is %s', (_, facts, sentence) => {
  expect(explainRefusal(facts, ['write'], POWERLESS_ROOT, WORDS)).toBe(sentence);
});

test('root with all its capabilities is not called powerless', () => {
  const root = {...POWERLESS_ROOT, hasCapabilities: true};
  expect(explainRefusal(element(0o400, 0), ['write'], root, WORDS)).not.toContain('without capabilities');
});

test('reads mounts with blanks in their names; the innermost counts', () => {
  const mounts = parseMounts(
    '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /a\\040b ro,noexec - nfs4 host:/x rw\n3 1 8:3 / /a rw - xfs /dev/c rw',
  );
  expect(mountOf('/a b/c', mounts)).toEqual({
    point: '/a b',
    fsType: 'nfs4',
    source: 'host:/x',
    readOnly: true,
    noExec: true,
    superOptions: ['rw'],
  });
  expect(mountOf('/ab', mounts)?.point).toBe('/');
  expect(mountOf('/a', mounts)?.fsType).toBe('xfs');
});

test('a walk follows links, and ends at what is missing and at links that lead round', () =>
  withTempRoot(async root => {
    await mkdir(root.join('real'));
    await writeFile(root.join('real/file'), '');
    await symlink('real', root.join('link'));
    await symlink('b', root.join('a'));
    await symlink('a', root.join('b'));
    const walk = walkPath(root.join('link/file'));
    expect(walk.elements.slice(-3).map(({path, kind}) => [path, kind])).toEqual([
      [root.join('link'), 'link'],
      [root.join('real'), 'directory'],
      [root.join('real/file'), 'file'],
    ]);
    expect(walk.stoppedAt).toBeUndefined();
    expect(walkPath(root.join('real/none/x')).stoppedAt).toEqual({path: root.join('real/none'), why: 'missing'});
    expect(walkPath(root.join('a')).stoppedAt?.why).toBe('loop');
  }));

const disk = (path: string, more = '') =>
  readDomain(
    domainXml({
      devices: `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/><target dev='vda' bus='virtio'/>${more}</disk>`,
    }),
  );

/** A directory that everybody may pass, with an image in a directory of its own. */
async function makeImage(root: TempRoot, modes: {readonly directory: number; readonly file: number}): Promise<string> {
  await chmod(root.path, 0o755);
  await mkdir(root.join('home'));
  await writeFile(root.join('home/disk.img'), 'x');
  await chmod(root.join('home/disk.img'), modes.file);
  await chmod(root.join('home'), modes.directory);
  return root.join('home/disk.img');
}

test.skipIf(!isRoot)(`names the directory that another user may not pass, and how he could${asRoot}`, () =>
  withTempRoot(async root => {
    const path = await makeImage(root, {directory: 0o700, file: 0o666});
    const report = await explainAccess(disk(path), undefined, STRANGER);
    expect(report.findings).toMatchObject([
      {
        device: 'vda',
        verdict: 'refused',
        why: `${root.join('home')}: it belongs to root:root, mode 0700: others, so 54321, may not pass through it`,
        remedies: [
          {
            command: `setfacl -m u:54321:x ${root.join('home')}`,
            changes: `54321 alone gets 'x' at ${root.join('home')}`,
            undo: {command: `setfacl -b ${root.join('home')}`},
          },
          {
            command: `chmod o+x ${root.join('home')}`,
            changes: `every user may pass through ${root.join('home')}`,
            undo: {command: `chmod o-x ${root.join('home')}`},
          },
        ],
      },
    ]);
    const remedy = report.findings[0]?.remedies[1];
    await runProgram('/bin/sh', ['-c', remedy?.command ?? ''], {timeoutMs: 5_000});
    expect((await explainAccess(disk(path), undefined, STRANGER)).findings).toMatchObject([{verdict: 'ok'}]);
  }),
);

test.skipIf(!isRoot)(`root without capabilities is any other user at a file of somebody else${asRoot}`, () =>
  withTempRoot(async root => {
    const path = await makeImage(root, {directory: 0o755, file: 0o600});
    await chown(path, STRANGER.uid, STRANGER.gid);
    const [finding] = (await explainAccess(disk(path), undefined, POWERLESS_ROOT)).findings;
    expect(finding).toMatchObject({
      verdict: 'refused',
      remedies: [
        {command: `setfacl -m u:root:rw ${path}`},
        {command: `chown root:root ${path}`, undo: {command: `chown 54321:54321 ${path}`}},
      ],
    });
    expect(finding?.why).toContain('root without capabilities counts as any other user here');
    const all = {...POWERLESS_ROOT, hasCapabilities: true};
    expect((await explainAccess(disk(path), undefined, all)).findings).toMatchObject([{verdict: 'ok'}]);
  }),
);

test.skipIf(!isRoot)(`a missing image is missing, an emulator has to be executable${asRoot}`, () =>
  withTempRoot(async root => {
    const path = await makeImage(root, {directory: 0o755, file: 0o644});
    const report = await explainAccess(disk(root.join('home/none')), path, STRANGER);
    expect(report.findings).toMatchObject([
      {role: 'emulator', verdict: 'refused'},
      {device: 'vda', verdict: 'missing', why: `${root.join('home/none')}: there is no such file or directory`},
    ]);
    const readOnly = await explainAccess(disk(path, '<readonly/>'), '/bin/sh', STRANGER);
    expect(readOnly.findings.map(({verdict}) => verdict)).toEqual(['ok', 'ok']);
  }),
);

test.skipIf(!isRoot || !hasAcls)(
  `an access control list that gives access is believed${hasAcls ? asRoot : ' (skipped: no setfacl, package acl)'}`,
  () =>
    withTempRoot(async root => {
      const path = await makeImage(root, {directory: 0o711, file: 0o600});
      const given = await runProgram('/usr/bin/setfacl', ['-m', 'u:54321:rw', path], {timeoutMs: 5_000});
      expect(given.failure).toBeUndefined();
      expect((await explainAccess(disk(path), undefined, STRANGER)).findings).toMatchObject([{verdict: 'ok'}]);
    }),
);
