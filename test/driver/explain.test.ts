import {execFileSync} from 'node:child_process';
import {existsSync, lstatSync} from 'node:fs';
import {chmod, chown, lchown, mkdir, rename, symlink, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {AccessFinding} from '../../src/model/access-report.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;
const why = isRoot ? '' : ' (skipped: needs root)';
const hasAcls = existsSync('/usr/bin/setfacl');
const hasFuse = existsSync('/dev/fuse');

/** As whom guests run here; nobody else has this number. */
const USER = 61155;

describe.skipIf(!isRoot || !hasQemu)(`what QEMU is refused is explained (needs qemu-system-x86_64)${why}`, () => {
  let driver: DriverHarness;
  let cleanUps: (() => void)[] = [];
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await chmod(driver.root.path, 0o755);
    await configure(`user = "+${USER}"`, `group = "+${USER}"`);
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.reverse()) cleanUp();
    cleanUps = [];
    await driver.dispose();
  });

  const configure = (...lines: readonly string[]) =>
    writeFile(driver.root.join('etc/qemu.conf'), ['cgroup_controllers = []', ...lines, ''].join('\n'));
  const folder = async (name = 'images') => {
    await mkdir(driver.root.join(name));
    return driver.root.join(name);
  };
  /** Defines the guest with its disk at another place; the image goes there, too. */
  const defineAt = async (path: string, ...edits: readonly (readonly [string, string])[]) => {
    const image = driver.root.join('guest.img');
    await driver.define('guest', [image, path], ...edits);
    if (dirname(path) !== driver.root.path && existsSync(dirname(path))) await rename(image, path);
  };
  const start = () => driver.hypervisor.domainCreate('guest');
  const stop = async () => {
    await driver.hypervisor.domainDestroy('guest');
    await driver.untilOff('guest');
  };
  const explainDisk = async (): Promise<AccessFinding> => {
    const {findings} = await driver.hypervisor.domainExplain('guest');
    return findings.find(({role}) => role === 'disk') ?? expect.fail('no disk');
  };
  /** The emulator is refused, and the explanation names the element. */
  const refusedAt = async (element: string): Promise<AccessFinding> => {
    await expect(start()).rejects.toMatchObject({detail: [expect.stringMatching(/Permission denied|Read-only/)]});
    const finding = await explainDisk();
    expect(finding.verdict).toBe('refused');
    expect(finding.why?.startsWith(`${element}: `), finding.why).toBe(true);
    return finding;
  };
  const carryOut = async (command: string) => {
    const result = await driver.hypervisor.domainRemedy('guest', command);
    expect(result.failure, result.output).toBeUndefined();
    return result;
  };
  /** Each remedy lets the guest start, and taking it back brings the refusal again. */
  const helps = async (commands: readonly string[]) => {
    for (const command of commands) {
      expect((await explainDisk()).remedies.map(remedy => remedy.command)).toContain(command);
      const {undo} = await carryOut(command);
      expect(await explainDisk()).toMatchObject({verdict: 'ok'});
      await start();
      await stop();
      await carryOut(undo ?? expect.fail('nothing takes it back'));
      expect(await explainDisk()).toMatchObject({verdict: 'refused'});
    }
  };
  const modeOf = (path: string) => lstatSync(path).mode & 0o7777;

  test('a home directory that nobody else may pass', async () => {
    const home = await folder('home');
    await defineAt(`${home}/disk.img`);
    await chmod(home, 0o700);
    const {why} = await refusedAt(home);
    expect(why).toBe(`${home}: it belongs to root:root, mode 0700: others, so ${USER}, may not pass through it`);
    await helps(hasAcls ? [`setfacl -m u:${USER}:x ${home}`, `chmod o+x ${home}`] : [`chmod o+x ${home}`]);
    expect(modeOf(home)).toBe(0o700);
  });

  test('a directory of the guest’s group, which the rights of others do not help', async () => {
    const group = await folder();
    await defineAt(`${group}/disk.img`);
    await chown(group, 0, USER);
    await chmod(group, 0o701);
    const {remedies} = await refusedAt(group);
    expect(remedies.map(({command}) => command)).not.toContain(`chmod o+x ${group}`);
    await helps([`chmod g+x ${group}`]);
  });

  test.skipIf(!hasAcls)(
    `the mask of an access control list${hasAcls ? '' : ' (skipped: no setfacl, package acl)'}`,
    async () => {
      const images = await folder();
      await defineAt(`${images}/disk.img`);
      await chmod(images, 0o700);
      execFileSync('setfacl', ['-m', `u:${USER}:rx,u:12345:rwx,m::r`, images]);
      const before = execFileSync('getfacl', ['-cp', images], {encoding: 'utf8'});
      const {why, remedies} = await refusedAt(images);
      expect(why).toContain(`with an access control list: ${USER} may not pass through it`);
      expect(remedies).toMatchObject([
        {
          command: `setfacl -m u:${USER}:rx,m::rx ${images}`,
          changes: expect.stringContaining('and others on its list what they have there within rx'),
        },
      ]);
      await helps([`setfacl -m u:${USER}:rx,m::rx ${images}`]);
      expect(execFileSync('getfacl', ['-cp', images], {encoding: 'utf8'})).toBe(before);
    },
  );

  test('a bind mount that is read-only', async () => {
    const images = await folder();
    await defineAt(`${images}/disk.img`);
    execFileSync('mount', ['--bind', images, images]);
    cleanUps.push(() => execFileSync('umount', [images]));
    execFileSync('mount', ['-o', 'remount,bind,ro', images]);
    const {why} = await refusedAt(`${images}/disk.img`);
    expect(why).toContain(`file system at ${images} is mounted read-only`);
    await helps([`mount -o remount,bind,rw ${images}`]);
  });

  test('an emulator on a mount that forbids to execute', async () => {
    const programs = await folder('bin');
    execFileSync('mount', ['-t', 'tmpfs', 'none', programs]);
    cleanUps.push(() => execFileSync('umount', ['-l', programs]));
    await writeFile(`${programs}/qemu`, '#!/bin/sh\nexec /usr/bin/qemu-system-x86_64 "$@"\n', {mode: 0o755});
    await driver.define('guest', ['<devices>', `<devices><emulator>${programs}/qemu</emulator>`]);
    execFileSync('mount', ['-o', 'remount,bind,noexec', programs]);
    const emulator = async () => (await driver.hypervisor.domainExplain('guest')).findings[0];
    expect(await emulator()).toMatchObject({role: 'emulator', verdict: 'refused'});
    expect((await emulator())?.why).toBe(`${programs}/qemu: the file system at ${programs} is mounted noexec`);
    const {undo} = await carryOut(`mount -o remount,bind,exec ${programs}`);
    expect(await emulator()).toMatchObject({verdict: 'ok'});
    await carryOut(undo ?? '');
    expect(await emulator()).toMatchObject({verdict: 'refused'});
  });

  test.skipIf(!hasFuse)(
    `a file system of FUSE that is another user’s alone, closed to root, too${hasFuse ? '' : ' (skipped: no /dev/fuse)'}`,
    async () => {
      const mounted = await folder('sshfs');
      await defineAt(`${mounted}/disk.img`);
      const options = `fd=3,rootmode=40000,user_id=12345,group_id=12345`;
      execFileSync('sh', ['-c', 'exec 3<>/dev/fuse && mount -i -t fuse -o "$1" none "$2"', 'sh', options, mounted], {
        stdio: 'ignore',
      });
      cleanUps.push(() => execFileSync('umount', ['-l', mounted]));
      const {why, remedies} = await explainDisk();
      expect(why).toContain(`the FUSE file system at ${mounted} is 12345's alone, also root is kept out`);
      expect(remedies).toEqual([]);
      await expect(start()).rejects.toThrow();
    },
  );

  test('a guest of root without capabilities, and a file of somebody else that keeps its owner', async () => {
    await configure('user = "root"', 'group = "root"', 'dynamic_ownership = 0');
    const images = await folder();
    const path = `${images}/disk.img`;
    await defineAt(path);
    await chmod(path, 0o600);
    await chown(path, 12345, 12345);
    const {why} = await refusedAt(path);
    expect(why).toContain('root without capabilities counts as any other user here');
    await helps([`setfacl -m u:root:rw ${path}`, `chown root:root ${path}`]);
    expect(lstatSync(path)).toMatchObject({uid: 12345, gid: 12345});
  });

  test('a file that nobody may change, not even a start', async () => {
    const images = await folder();
    const path = `${images}/disk.img`;
    await defineAt(path);
    execFileSync('chattr', ['+i', path]);
    cleanUps.push(() => execFileSync('chattr', ['-i', path]));
    const {why, verdict} = await explainDisk();
    expect([verdict, why]).toEqual(['refused', expect.stringContaining('it is immutable')]);
    await expect(start()).rejects.toThrow();
    await carryOut(`chattr -i ${path}`);
    await start();
    await stop();
  });

  test('a link that leads nowhere', async () => {
    const images = await folder();
    await defineAt(`${images}/disk.img`);
    await rename(`${images}/disk.img`, `${images}/real.img`);
    await symlink('none.img', `${images}/disk.img`);
    expect(await explainDisk()).toMatchObject({
      verdict: 'missing',
      why: `${images}/none.img: there is no such file or directory, and ${images}/disk.img is a link to it`,
    });
  });

  test('a link of a stranger to what is not his, in the words of the start', async () => {
    const images = await folder();
    await defineAt(`${images}/disk.img`);
    await rename(`${images}/disk.img`, `${images}/real.img`);
    await symlink('real.img', `${images}/disk.img`);
    await lchown(`${images}/disk.img`, 12345, 12345);
    const words = `'${images}/disk.img' leads over a link of user 12345 to what belongs to user 0`;
    await expect(start()).rejects.toThrow(words);
    expect(await explainDisk()).toMatchObject({verdict: 'refused', why: expect.stringContaining(words)});
  });

  test('an image that another guest has for itself', async () => {
    const images = await folder();
    await defineAt(`${images}/disk.img`);
    await start();
    await driver.define('other', [driver.root.join('other.img'), `${images}/disk.img`]);
    const {findings} = await driver.hypervisor.domainExplain('other');
    const words = "domain 'guest' has it for itself";
    expect(findings.find(({role}) => role === 'disk')).toMatchObject({
      verdict: 'refused',
      why: expect.stringContaining(words),
    });
    await expect(driver.hypervisor.domainCreate('other')).rejects.toThrow(words);
    expect((await explainDisk()).verdict).toBe('ok');
  });

  test('nothing else is run than what helps now', async () => {
    await defineAt(`${await folder()}/disk.img`);
    await expect(driver.hypervisor.domainRemedy('guest', 'chmod o+x /root')).rejects.toThrow(
      "this is no longer what helps domain 'guest': chmod o+x /root",
    );
    const reader = await driver.openReader();
    await expect(reader.domainRemedy('guest', 'chmod o+x /root')).rejects.toMatchObject({code: 'OPERATION_DENIED'});
    await reader.close();
  });
});
