import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, lstatSync, readFileSync} from 'node:fs';
import {chmod, chown, rename, rm, symlink, writeFile} from 'node:fs/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {waitForChange} from '../../src/host/wait-for.ts';
import {VIRTTY} from '../e2e/instance.ts';
import {domainXml} from '../model/read-domain.ts';
import {hasQemuImg, makeImage} from '../support/disk-images.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;
const why = isRoot ? '' : ' (skipped: needs root)';

/** A user that owns images. */
const OWNER = 12345;
const own = `${OWNER}:${OWNER}`;
const root = '0:0';

describe.skipIf(!isRoot || !hasQemu || !hasQemuImg)(
  `files of guests of root, who has no rights over those of others (needs QEMU and qemu-img)${why}`,
  () => {
    let driver: DriverHarness;
    beforeEach(async () => {
      driver = await DriverHarness.open();
      await chmod(driver.root.path, 0o755);
    });
    afterEach(() => driver.dispose());

    const path = (name: string) => driver.root.join(name);
    const registry = () => path('lib/grants.json');
    const image = async (name: string, format = 'raw', ...options: readonly string[]) => {
      makeImage(path(name), format, ...options);
      await chmod(path(name), 0o600);
      await chown(path(name), OWNER, OWNER);
      return path(name);
    };
    const ownerOf = (name: string) => {
      const {uid, gid} = lstatSync(path(name));
      return `${uid}:${gid}`;
    };
    const disk = (file: string, {more = '', format = 'raw', type = 'file', dev = 'vda', label = ''} = {}) =>
      `<disk type='${type}'><driver type='${format}'/><source ${type === 'file' ? 'file' : 'dev'}='${file}'>${label}</source>
        <target dev='${dev}' bus='virtio'/>${more}</disk>`;
    const define = (name: string, devices: string) => {
      const os = "<os><type arch='x86_64' machine='pc'>hvm</type></os>";
      return driver.hypervisor.domainDefineXml(domainXml({name: `<name>${name}</name>`, os, devices}));
    };
    const start = async (name: string, devices: string) => {
      await define(name, devices);
      await driver.hypervisor.domainCreate(name);
    };
    const stop = async (name: string) => {
      await driver.hypervisor.domainDestroy(name);
      await driver.untilOff(name);
    };
    const kill = async (name: string) => {
      const {pid = 0} = await driver.hypervisor.domainLookup(name);
      process.kill(pid, 'SIGKILL');
    };

    test('are root’s while it runs, and their owner’s afterwards', async () => {
      await start('guest', disk(await image('a.img')));
      expect(ownerOf('a.img')).toBe(root);
      await stop('guest');
      expect(ownerOf('a.img')).toBe(own);
      expect(existsSync(registry())).toBe(false);
    });

    test('of another user’s guest are that user’s, with all that its lines write', async () => {
      await writeFile(path('etc/qemu.conf'), 'user = "+64055"\ngroup = "+64056"\n');
      const base = await image('base.img');
      await image('a.img', 'qcow2', '-b', base, '-F', 'raw');
      const lines = `<serial type='file'><source path='${path('out')}'/><log file='${path('also')}'/></serial>`;
      await start('guest', disk(path('a.img'), {format: 'qcow2'}) + lines);
      const all = ['a.img', 'base.img', 'out', 'also'];
      expect(all.map(ownerOf)).toEqual(all.map(() => '64055:64056'));
      expect((await driver.hypervisor.domainExplain('guest')).findings.filter(({verdict}) => verdict !== 'ok')).toEqual(
        [],
      );
      await stop('guest');
      expect(all.map(ownerOf)).toEqual([own, own, root, root]);
    });

    test('are his, too, when they are put into a drive while it runs', async () => {
      const medium = await image('cd.iso');
      await start('guest', "<disk device='cdrom'><target dev='hda' bus='ide'/></disk>");
      await driver.hypervisor.domainChangeMedia('guest', 'hda', {does: 'insert', source: medium});
      expect(ownerOf('cd.iso')).toBe(root);
      await stop('guest');
      expect(ownerOf('cd.iso')).toBe(own);
      expect(existsSync(registry())).toBe(false);
    });

    test('are given back when the emulator is killed', async () => {
      await start('guest', disk(await image('a.img')));
      await kill('guest');
      await driver.untilOff('guest');
      expect(ownerOf('a.img')).toBe(own);
    });

    test('are given back by who comes next, when nobody saw the guest end, and after a boot of the host', async () => {
      await start('guest', disk(await image('a.img')));
      await driver.reopen(async () => {
        await kill('guest');
        expect(ownerOf('a.img')).toBe(root);
      });
      expect(ownerOf('a.img')).toBe(own);
      // a boot takes control groups away, what stands for one here does not
      await writeFile(path('etc/qemu.conf'), 'cgroup_controllers = ["cpu"]\n');
      await driver.hypervisor.domainCreate('guest');
      expect(ownerOf('a.img')).toBe(root);
      await driver.reopen(async () => {
        await kill('guest');
        await rm(path('run'), {recursive: true, maxRetries: 5}); // the keeper may just write how it ended
      });
      expect(ownerOf('a.img')).toBe(own);
      expect(existsSync(registry())).toBe(false);
    });

    test('follow the guest when virtty is killed while it starts one', async () => {
      await define('guest', disk(await image('a.img')));
      await driver.reopen(async () => {
        const process = spawn(VIRTTY, ['-c', driver.root.uri, 'start', 'guest'], {stdio: 'ignore'});
        const exited = once(process, 'exit');
        const given = async () => (ownerOf('a.img') === root ? true : undefined);
        expect(await waitForChange(driver.root.path, given, {timeoutMs: 15_000})).toBe(true);
        process.kill('SIGKILL');
        await exited;
      });
      const {state} = await driver.hypervisor.domainLookup('guest');
      expect(ownerOf('a.img')).toBe(state.is === 'shut off' ? own : root);
      if (state.is !== 'shut off') await stop('guest');
      expect(ownerOf('a.img')).toBe(own);
    });

    test('that two guests share are given back when the second has ended; another guest gets none of a guest’s own', async () => {
      const shared = disk(await image('a.img'), {more: '<shareable/>'});
      const [one, two] = [await image('one.img'), await image('two.img')];
      await start('one', shared + disk(one, {dev: 'vdb'}));
      await start('two', shared + disk(two, {dev: 'vdb'}));
      await expect(start('three', disk(one))).rejects.toMatchObject({
        code: 'RESOURCE_BUSY',
        message: `cannot give domain 'three' disk 'vda': domain 'one' has it for itself as disk 'vdb', '${one}'`,
      });
      await stop('one');
      expect([ownerOf('a.img'), ownerOf('one.img'), ownerOf('two.img')]).toEqual([root, own, root]);
      await stop('two');
      expect([ownerOf('a.img'), ownerOf('two.img')]).toEqual([own, own]);
    });

    test('are as they were after a start that fails, by a file that is refused or by the emulator', async () => {
      const good = disk(await image('a.img'));
      await image('b.img');
      const out = `<serial type='file'><source path='${path('out')}'/></serial>`;
      const swapped = path('swapped.img');
      await symlink(path('b.img'), swapped);
      execFileSync('chown', ['-h', '54321', swapped]);
      await expect(start('guest', good + disk(swapped, {dev: 'vdb'}) + out)).rejects.toMatchObject({
        code: 'OPERATION_DENIED',
        message: expect.stringContaining(`'${swapped}' leads over a link of user 54321`),
      });
      expect([ownerOf('a.img'), ownerOf('b.img')]).toEqual([own, own]);
      const broken = disk(path('b.img'), {dev: 'vdb', format: 'vdi'});
      const failure: unknown = await start('other', good + broken + out).catch((error: unknown) => error);
      expect(failure).toMatchObject({message: expect.stringContaining("cannot start domain 'other'")});
      expect([ownerOf('a.img'), ownerOf('b.img'), existsSync(path('out'))]).toEqual([own, own, false]);
      expect(existsSync(registry())).toBe(false);
    });

    test('that were swapped while it ran are left alone, and its log says so', async () => {
      const file = await image('a.img');
      await start('guest', disk(file));
      await rename(file, path('moved.img'));
      await symlink('/etc/passwd', file);
      await stop('guest');
      expect(lstatSync('/etc/passwd').uid).toBe(0);
      expect(readFileSync(path('log/guest.log'), 'utf8')).toContain(
        `virtty: disk 'vda': '${file}' does not get back what it had: another file is there now`,
      );
    });

    test('are left to their owners where a label or qemu.conf says so, and are forgotten where it says that', async () => {
      const label = (inside: string) => `<seclabel model='dac' ${inside}</seclabel>`;
      const theirs = await image('a.img');
      await chmod(theirs, 0o666);
      const other = await image('b.img');
      await chmod(other, 0o666);
      const named = disk(other, {dev: 'vdb', label: label("relabel='yes'><label>+7:+8</label>")});
      await start('guest', disk(theirs, {label: label("relabel='no'>")}) + named);
      expect([ownerOf('a.img'), ownerOf('b.img')]).toEqual([own, '7:8']);
      await stop('guest');
      expect(ownerOf('b.img')).toBe(own);
      await writeFile(path('etc/qemu.conf'), 'dynamic_ownership = 0\n');
      await driver.hypervisor.domainCreate('guest');
      expect(ownerOf('b.img')).toBe(own);
      await stop('guest');
      await writeFile(path('etc/qemu.conf'), 'remember_owner = 0\n');
      await driver.hypervisor.domainCreate('guest');
      await stop('guest');
      expect([ownerOf('a.img'), ownerOf('b.img')]).toEqual([own, root]);
    });

    test('a block device is given like a file', async context => {
      const backing = await image('disk');
      const {status, stdout} = spawnSync('losetup', ['--find', '--show', backing], {encoding: 'utf8'});
      if (status !== 0) return context.skip('no loop device can be had here');
      const device = stdout.trim();
      const ownerOfDevice = () => lstatSync(device).uid;
      const before = ownerOfDevice();
      try {
        await chown(device, OWNER, OWNER);
        await start('guest', disk(device, {type: 'block'}));
        expect(ownerOfDevice()).toBe(0);
        await stop('guest');
        expect(ownerOfDevice()).toBe(OWNER);
      } finally {
        await chown(device, before, lstatSync(device).gid === OWNER ? 0 : lstatSync(device).gid);
        execFileSync('losetup', ['--detach', device]);
      }
    });

    test('are explained as they will be, with the images below, and a header that is none is a note', async () => {
      makeImage(path('base'), 'raw');
      await image('top.img', 'qcow2', '-b', path('base'), '-F', 'raw');
      const other = await image('other.img');
      await chmod(other, 0o400);
      await define('guest', disk(path('top.img'), {format: 'qcow2'}) + disk(other, {dev: 'vdb'}));
      const {findings, notes} = await driver.hypervisor.domainExplain('guest');
      const disks = findings.filter(({role}) => role === 'disk');
      expect(disks.map(({path: file, verdict}) => [file, verdict])).toEqual([
        [path('top.img'), 'ok'],
        [path('base'), 'ok'],
        [other, 'refused'],
      ]);
      expect(disks[2]?.why).toContain('it belongs to root:root, mode 0400');
      expect(notes).toContain("a start makes 2 files the guest's, by which they are judged");
      await writeFile(path('top.img'), 'no image');
      const broken = await driver.hypervisor.domainExplain('guest');
      expect(broken.notes.join()).toContain(`the image '${path('top.img')}' is no qcow2 image`);
    });

    test('are shown before a start, each with its undo', async () => {
      await define('guest', disk(await image('a.img')) + disk(path('none.img'), {dev: 'vdb'}));
      const {steps} = await driver.hypervisor.domainStartPlan('guest');
      expect(steps.filter(({kind}) => kind === 'grant-files')).toEqual([
        {
          kind: 'grant-files',
          command: `chown 0:0 ${path('a.img')}`,
          undo: `chown --from=0:0 ${own} ${path('a.img')} # by what is done at the end, when no other guest uses it`,
        },
      ]);
    });
  },
);
