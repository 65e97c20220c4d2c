import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {VIRTTY} from '../e2e/instance.ts';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {bootSectorXml} from '../guests/domain-xml.ts';
import {hasMountedRoot, isOpenToAll} from '../support/surroundings.ts';
import {makeTempRoot} from '../support/temp-root.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

const isRoot = process.getuid?.() === 0;
const hasSwtpm = existsSync('/usr/bin/swtpm') && existsSync('/usr/bin/swtpm_setup');

const hasVirtiofsd = existsSync('/usr/lib/qemu/virtiofsd');
const hasPasst = existsSync('/usr/bin/passt');

/** Nobody's on this host: a guest needs no entry in the user database. */
const [UID, GID] = [61_155, 61_209];
const UUID = '7b1f3ed0-3c1e-4b8c-9b1a-6d2d4a3c5e02';
const NOTHING = '0000000000000000';

describe.skipIf(!hasQemu || !isRoot)('a guest of another user (needs root and qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    chmodSync(driver.root.path, 0o711);
    configure(`user = "+${UID}"\ngroup = "+${GID}"\n`);
  });
  afterEach(() => driver.dispose());

  const configure = (text: string) => writeFileSync(driver.root.join('etc/qemu.conf'), text);
  const define = async (more = '', devices = '') => {
    await driver.define(
      'guest',
      ['<memory', `<uuid>${UUID}</uuid><memory`],
      ['<serial', `${devices}<serial`],
      ['</domain>', `${more}</domain>`],
    );
    chownSync(driver.root.join('guest.img'), UID, GID);
  };
  const start = async (more = '', devices = '') => {
    await define(more, devices);
    await driver.hypervisor.domainCreate('guest');
  };
  const run = (...parts: readonly string[]) => driver.root.join('run', UUID, ...parts);
  const ownerOf = (path: string) => {
    const {uid, gid, mode} = statSync(path);
    return [uid, gid, (mode & 0o7777).toString(8)];
  };
  const statusOf = (pid: number | undefined) => {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
    return Object.fromEntries(lines.map(line => line.split(/:\s*/, 2) as [string, string]));
  };
  const pidOf = async () => (await driver.hypervisor.domainLookup('guest')).pid;
  const hmp = (command: string) => driver.hypervisor.domainMonitorCommand('guest', command, {format: 'hmp'});
  const asGuest = (...command: readonly string[]) =>
    spawnSync('setpriv', ['--reuid', String(UID), '--regid', String(GID), '--clear-groups', ...command]).status === 0;

  test('runs as that user, with its group alone and without any capability', async () => {
    await start();
    const status = statusOf(await pidOf());
    expect(status).toMatchObject({
      Uid: Array(4).fill(UID).join('\t'),
      Gid: Array(4).fill(GID).join('\t'),
      CapInh: NOTHING,
      CapPrm: NOTHING,
      CapEff: NOTHING,
      CapBnd: NOTHING,
      CapAmb: NOTHING,
      NoNewPrivs: '1',
    });
    expect(status.Groups?.trim()).toBe(String(GID));
    const {checks} = await driver.hypervisor.domainSecurity('guest');
    expect(checks.filter(({verdict}) => verdict === 'drift')).toEqual([]);
    expect((await driver.hypervisor.instanceSecurity()).guests).toMatchObject({uid: UID, gid: GID});
    const {host} = await driver.hypervisor.capabilities();
    expect(host.securityModels.at(-1)).toMatchObject({model: 'dac', labels: [{label: `+${UID}:+${GID}`}, {}]});
    const label = `+${UID}:+${GID}`;
    const xml = await driver.hypervisor.domainGetXml('guest');
    expect(xml).toMatch(/<seclabel type='dynamic' model='dac' relabel='yes'>/);
    expect(xml).toContain(`<label>${label}</label>`);
    expect(xml).toContain(`<imagelabel>${label}</imagelabel>`);
    expect(await driver.hypervisor.domainGetXml('guest', {inactive: true})).not.toContain('seclabel');
  });

  test('owns its own folder and its logs, and nothing that the driver relies on', async () => {
    await start();
    expect(ownerOf(run())).toEqual([0, 0, '711']);
    expect(ownerOf(run('guest'))).toEqual([UID, GID, '700']);
    for (const name of ['monitor.sock', 'user.sock'])
      expect(ownerOf(run('guest', name)).slice(0, 2)).toEqual([UID, GID]);
    expect(ownerOf(run('status.json'))).toEqual([0, 0, '600']);
    expect(asGuest('test', '-r', run('status.json'))).toBe(false);
    expect(asGuest('test', '-w', run())).toBe(false);
    expect(asGuest('test', '-w', driver.root.join('log'))).toBe(false);
    for (const folder of ['run', 'lib', 'log']) expect(ownerOf(driver.root.join(folder))).toEqual([0, 0, '711']);
    for (const folder of ['etc', 'cache']) expect(ownerOf(driver.root.join(folder))).toEqual([0, 0, '700']);
    expect(ownerOf(driver.root.join('log/guest.log'))).toEqual([0, 0, '600']);
    const consoleLogs = readdirSync(driver.root.join('log')).filter(name => name !== 'guest.log');
    expect(consoleLogs).not.toEqual([]);
    for (const name of consoleLogs) expect(ownerOf(driver.root.join('log', name))).toEqual([UID, GID, '600']);
  });

  test('is used as any other: console, monitor, screen, pause, another virtty, force off', async () => {
    await start('', "<video><model type='vga'/></video>");
    const console = await driver.console('guest');
    await console.see(BOOT_SECTOR_BANNER);
    console.type('x');
    await console.see('x');
    expect(await hmp('info status')).toContain('running');
    expect((await driver.hypervisor.domainScreenshot('guest')).width).toBeGreaterThan(0);
    await driver.hypervisor.domainSuspend('guest');
    await driver.reopen();
    expect((await driver.hypervisor.domainLookup('guest')).state.is).toBe('paused');
    await driver.hypervisor.domainResume('guest');
    await (await driver.console('guest')).see(BOOT_SECTOR_BANNER);
    await driver.hypervisor.domainDestroy('guest');
    expect(existsSync(run())).toBe(false);
    await driver.hypervisor.domainCreate('guest');
  });

  test("opens no file of somebody else's, and neither does a guest of root without capabilities", async () => {
    const file = driver.root.join('secret.img');
    writeFileSync(file, Buffer.alloc(4096), {mode: 0o600});
    const open = (id: string) => hmp(`drive_add 0 if=none,id=${id},format=raw,readonly=on,file=${file}`);
    await start();
    expect(await open('a')).toContain('Permission denied');
    await driver.hypervisor.domainDestroy('guest');
    configure('');
    chownSync(driver.root.join('guest.img'), 0, 0);
    await driver.hypervisor.domainCreate('guest');
    expect(await open('a')).toContain('OK');
    chownSync(file, UID, GID);
    expect(await open('b')).toContain('Permission denied');
  });

  test('has the user of its own label, before that of the configuration', async () => {
    await start("<seclabel type='static' model='dac' relabel='no'><label>+61156:+61209</label></seclabel>").catch(
      () => {},
    );
    chownSync(driver.root.join('guest.img'), 61_156, GID);
    await driver.hypervisor.domainCreate('guest');
    expect(statusOf(await pidOf()).Uid).toBe(Array(4).fill(61_156).join('\t'));
    const xml = await driver.hypervisor.domainGetXml('guest');
    expect(xml.match(/<seclabel/g)).toHaveLength(1);
  });

  test.each([
    [
      'a user that is not there, with its line',
      '\nuser = "nobody-of-all"\n',
      '',
      /qemu\.conf:2: 'user' .*no user 'nobody-of-all'/,
    ],
    [
      'a label whose user is not there',
      '',
      "<seclabel type='static' model='dac'><label>nobody-of-all:root</label></seclabel>",
      /no user 'nobody-of-all' on this host, of the label 'nobody-of-all:root'/,
    ],
  ])('is refused for %s', async (_, text, more, why) => {
    configure(text);
    await define(more);
    await expect(driver.hypervisor.domainCreate('guest')).rejects.toThrow(why);
    expect(existsSync(run())).toBe(false);
  });

  test('that cannot get to its files is told which folder it may not pass', async () => {
    chmodSync(driver.root.path, 0o700);
    await define();
    await expect(driver.hypervisor.domainCreate('guest')).rejects.toMatchObject({
      message: expect.stringContaining(`it may not pass ${driver.root.path}`),
      hint: `chmod o+x ${driver.root.path}`,
    });
    expect(existsSync(run())).toBe(false);
  });

  test('whose emulator refuses leaves nothing behind', async () => {
    await define('', "<tpm model='tpm-crb'><backend type='passthrough'><device path='/dev/none'/></backend></tpm>");
    await expect(driver.hypervisor.domainCreate('guest')).rejects.toThrow();
    expect(existsSync(run())).toBe(false);
    expect(readdirSync(driver.root.join('log'))).toEqual(['guest.log']);
  });

  test('that fills its folder with links has nothing removed outside of it', async () => {
    await start();
    const kept = driver.root.join('kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'file'), 'x');
    execFileSync('ln', ['-s', kept, run('guest/link')]);
    execFileSync('mkdir', ['-p', run('guest/a/b')]);
    execFileSync('ln', ['-s', '/', run('guest/a/b/root')]);
    await driver.hypervisor.domainDestroy('guest');
    expect(existsSync(run())).toBe(false);
    expect(readdirSync(kept)).toEqual(['file']);
  });

  test.skipIf(!hasSwtpm)(
    'has a TPM of the same user, whose state is given to whoever it becomes (needs swtpm)',
    async () => {
      await start('', "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
      const helper = Number(readFileSync(run('swtpm.pid'), 'utf8').split(' ')[0]);
      expect(statusOf(helper)).toMatchObject({Uid: Array(4).fill(UID).join('\t'), CapEff: NOTHING, CapBnd: NOTHING});
      const state = driver.root.join(`lib/swtpm/${UUID}/tpm2/tpm2-00.permall`);
      expect(ownerOf(state).slice(0, 2)).toEqual([UID, GID]);
      await driver.hypervisor.domainDestroy('guest');
      configure('');
      chownSync(driver.root.join('guest.img'), 0, 0);
      await driver.hypervisor.domainCreate('guest');
      expect(ownerOf(state).slice(0, 2)).toEqual([0, 0]);
    },
  );

  test.skipIf(!hasVirtiofsd || !hasMountedRoot)(
    'reaches a daemon of root that serves its directory (needs virtiofsd, and a root that is a mount)',
    async () => {
      mkdirSync(driver.root.join('shared'));
      const source = `<source dir='${driver.root.join('shared')}'/><target dir='share'/>`;
      const devices = `<filesystem type='mount'><driver type='virtiofs'/>${source}</filesystem>`;
      await driver.define(
        'guest',
        [
          '<memory',
          `<uuid>${UUID}</uuid><memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking><memory`,
        ],
        ['<serial', `${devices}<serial`],
      );
      await driver.hypervisor.domainCreate('guest');
      const helper = Number(readFileSync(run('fs0-fs.stat'), 'utf8').split(' ')[0]);
      expect(statusOf(helper).Uid).toBe(Array(4).fill(0).join('\t'));
      expect(ownerOf(run('guest/fs0-fs.sock')).slice(0, 2)).toEqual([UID, GID]);
      expect(await hmp('info qtree')).toContain('vhost-user-fs');
    },
  );

  test.skipIf(!hasPasst)('has a network of passt, which runs as the same user (needs passt)', async () => {
    const mac = "<mac address='52:54:00:00:00:01'/>";
    await start('', `<interface type='user'>${mac}<backend type='passt'/><model type='e1000'/></interface>`);
    const helper = Number(readFileSync(run('net0-passt.stat'), 'utf8').split(' ')[0]);
    expect(statusOf(helper)).toMatchObject({Uid: Array(4).fill(UID).join('\t'), Gid: Array(4).fill(GID).join('\t')});
  });
});

test.skipIf(!hasQemu || !isRoot).each([
  ['setuid,-setgid', 'without capabilities', 'CAP_SETGID and CAP_SETUID'],
  ['setpcap', 'without capabilities', 'CAP_SETPCAP'],
  ['setgid', 'with the capabilities of root', 'CAP_SETGID', 'clear_emulator_capabilities = 0\n'],
])(
  'a root without %s starts no guest, and says what it lacks (needs root and qemu-system-x86_64)',
  async (rights, wish, lacks, more = '') => {
    const root = await makeTempRoot();
    try {
      mkdirSync(root.join('etc'));
      writeFileSync(root.join('guest.xml'), bootSectorXml({name: 'guest', imagePath: root.join('guest.img')}));
      writeFileSync(root.join('etc/qemu.conf'), more);
      const lacking = ['--inh-caps=-all', `--bounding-set=-${rights}`];
      const virtty = (...args: readonly string[]) =>
        spawnSync('setpriv', [...lacking, VIRTTY, '-c', root.uri, ...args], {encoding: 'utf8'});
      expect(virtty('define', root.join('guest.xml')).stderr).toBe('');
      const {status, stderr} = virtty('start', 'guest');
      expect(status).not.toBe(0);
      expect(stderr).toContain(`cannot start domain 'guest' as +0:+0, ${wish}: this process of root's lacks ${lacks}`);
    } finally {
      await root.remove();
    }
  },
);

describe.skipIf(!hasQemu || !isRoot || !isOpenToAll)(
  'a session of another user (needs root to become one, a checkout that everybody may read, and qemu-system-x86_64)',
  () => {
    test('refuses guests of somebody else, and says that it has no finer level', async () => {
      const root = await makeTempRoot();
      try {
        mkdirSync(root.join('etc'));
        writeFileSync(root.join('guest.xml'), bootSectorXml({name: 'guest', imagePath: root.join('guest.img')}));
        writeFileSync(root.join('etc/qemu.conf'), 'user = "root"\n');
        execFileSync('chown', ['-R', `${UID}:${GID}`, root.path]);
        const virtty = (...args: readonly string[]) =>
          spawnSync(
            'setpriv',
            ['--reuid', String(UID), '--regid', String(GID), '--clear-groups', VIRTTY, '-c', root.uri, ...args],
            {encoding: 'utf8', env: {...process.env, HOME: root.path}},
          );
        expect(virtty('define', root.join('guest.xml')).stderr).toBe('');
        const {status, stderr} = virtty('start', 'guest');
        expect(status).not.toBe(0);
        expect(stderr).toContain("qemu.conf:1: 'user' cannot be kept to: only root can run guests as 0:");
        expect(stderr).toContain('has no finer level');
        expect(virtty('security').stdout).toContain(`Driver instance: ${root.uri} (${UID})`);
        expect(virtty('security').stdout).toContain('no finer level: guests run as the user of the session');
      } finally {
        await root.remove();
      }
    });
  },
);
