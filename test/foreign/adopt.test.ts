import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync} from 'node:fs';
import {connect} from 'node:net';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {formatState} from '../../src/model/domain-state.ts';
import {DriverHarness, hasQemu} from '../driver/driver-harness.ts';
import {VIRTTY} from '../e2e/instance.ts';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {hasMountedRoot, isOpenToAll} from '../support/surroundings.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {ForeignEmulator} from './foreign-guest.ts';

/** Nobody's on this host. */
const STRANGER = 61_155;
const QMP = '-qmp unix:%/q.sock,server=on,wait=off';
const SERIAL = '-serial unix:%/s.sock,server=on,wait=off';

describe.skipIf(!hasQemu)('a guest of others that is adopted (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  let elsewhere: TempRoot;
  let emulator: ForeignEmulator | undefined;
  beforeEach(async () => {
    emulator = undefined;
    elsewhere = await makeTempRoot();
    driver = await DriverHarness.open();
  });
  afterEach(async () => {
    await driver.dispose(); // ends the guests that are its own by now
    await emulator?.end();
    await elsewhere.remove();
  });

  const start = async (options: string, sockets: readonly string[]) => {
    emulator = await ForeignEmulator.start(elsewhere, options, sockets);
    return emulator;
  };
  const adopted = async () => {
    const running = await start(`-name web ${QMP} ${SERIAL}`, ['q.sock', 's.sock']);
    const result = await driver.hypervisor.domainAdopt(String(running.pid));
    expect(result).toMatchObject({
      name: 'web',
      lacks: expect.arrayContaining([expect.stringContaining('serial0 has no log')]),
    });
    expect(result.notTakenOver).toBeUndefined();
    return running;
  };

  test("is this instance's: it is listed, paused, resumed, and its console is read", async () => {
    const {pid} = await adopted();
    const {hypervisor} = driver;
    expect(await hypervisor.listDomains()).toMatchObject([
      {name: 'web', pid, state: {is: 'running'}, persistent: true},
    ]);
    expect((await hypervisor.listForeignDomains()).filter(domain => domain.pid === pid)).toEqual([]);
    await hypervisor.domainSuspend('web');
    expect((await hypervisor.domainLookup('web')).state).toEqual({is: 'paused', reason: 'user'});
    await hypervisor.domainResume('web');
    const {checks} = await hypervisor.domainSecurity('web');
    expect(new Set(checks.map(({verdict}) => verdict))).toContain('unasked');
    expect(checks.filter(({verdict}) => verdict === 'drift')).toEqual([]);
    expect(await hypervisor.domainDrift()).toEqual([]);
    const console = await driver.console('web');
    console.type('hello');
    await console.see('hello');
    await expect(hypervisor.domainAdopt('web')).rejects.toMatchObject({code: 'OPERATION_INVALID'});
  });

  test('its log is left alone, wherever that is', async () => {
    const log = driver.root.join('log/mine.log');
    mkdirSync(dirname(log), {recursive: true});
    const serial = `-chardev pty,id=c,logfile=${log} -serial chardev:c`;
    const {pid} = await start(`-name web -S ${QMP} ${serial}`, ['q.sock']);
    await driver.hypervisor.domainAdopt(String(pid));
    await driver.define('own');
    await driver.hypervisor.domainCreate('own');
    for (const name of ['web', 'own']) await driver.hypervisor.domainOpenLog(name, {console: 'serial0'});
    const times = readdirSync(dirname(log)).filter(file => file.endsWith('.times'));
    expect(times).toEqual(['own~serial0.log.times']);
  });

  test('is found again by who opens the instance next', async () => {
    const {pid} = await adopted();
    await driver.reopen();
    expect(await driver.hypervisor.domainLookup('web')).toMatchObject({pid, state: {is: 'running'}});
    await driver.hypervisor.domainSuspend('web');
    await driver.hypervisor.domainDestroy('web');
    expect(formatState((await driver.untilOff('web')).state)).toBe('shut off (destroyed)');
  });

  test('ends, and that is noticed, also how it announced it', async () => {
    const running = await adopted();
    await driver.hypervisor.domainMonitorCommand('web', 'quit', {format: 'hmp'}).catch(() => {});
    expect(formatState((await driver.untilOff('web')).state)).toBe('shut off (destroyed)');
    await running.end();
    const {uuid} = await driver.hypervisor.domainLookup('web');
    expect(existsSync(driver.root.join('run', uuid))).toBe(false);
  });

  test('that was killed while nobody looked is shut off at the next start, and can then be started', async () => {
    const running = await adopted();
    await driver.reopen(() => running.end());
    expect((await driver.hypervisor.domainLookup('web')).state).toMatchObject({is: 'shut off'});
    await driver.hypervisor.domainCreate('web');
    expect((await driver.hypervisor.domainLookup('web')).state.is).toBe('running');
  });

  test('with a text monitor only is taken over, too, and found again', async () => {
    const {pid} = await start('-name web -monitor unix:%/m.sock,server=on,wait=off', ['m.sock']);
    const result = await driver.hypervisor.domainAdopt(String(pid));
    expect(result.notTakenOver).toBeUndefined();
    expect(result.lacks.join()).toContain('text monitor');
    await driver.hypervisor.domainSuspend('web');
    expect((await driver.hypervisor.domainLookup('web')).state.is).toBe('paused');
    await driver.reopen();
    expect(await driver.hypervisor.domainLookup('web')).toMatchObject({pid, state: {is: 'paused'}});
    await driver.hypervisor.domainResume('web');
    await driver.hypervisor.domainDestroy('web');
    await driver.untilOff('web');
  });

  test.skipIf(process.getuid?.() !== 0 || !hasMountedRoot)(
    'in a mount namespace of its own is reached through it (needs root, and a root that is a mount)',
    async () => {
      const inside = elsewhere.join('inside');
      mkdirSync(inside);
      const script = `mount -t tmpfs none ${inside} && exec "$@"`;
      emulator = await ForeignEmulator.start(
        elsewhere,
        '-name web -S -qmp unix:%/inside/q.sock,server=on,wait=off -serial unix:%/inside/s.sock,server=on,wait=off',
        ['inside/q.sock', 'inside/s.sock'],
        ['unshare', '--mount', 'sh', '-c', script, 'sh'],
      );
      expect(existsSync(join(inside, 'q.sock'))).toBe(false);
      const result = await driver.hypervisor.domainAdopt(String(emulator.pid));
      expect(result.notTakenOver).toBeUndefined();
      await driver.reopen();
      const console = await driver.console('web');
      await driver.hypervisor.domainResume('web');
      await console.see(BOOT_SECTOR_BANNER);
    },
  );

  test.skipIf(!isOpenToAll)(
    'that is of another user is not ended, and that is said (needs root, and a checkout that everybody may read)',
    async () => {
      const {pid} = await start(`-name web -S ${QMP}`, ['q.sock']);
      chmodSync(elsewhere.path, 0o755);
      chmodSync(elsewhere.join('q.sock'), 0o666);
      const theirs = await makeTempRoot();
      try {
        chownSync(theirs.path, STRANGER, STRANGER);
        const become = ['--reuid', String(STRANGER), '--regid', String(STRANGER), '--clear-groups'];
        const virtty = (...args: readonly string[]) =>
          spawnSync('setpriv', [...become, VIRTTY, '-c', theirs.uri, ...args], {
            encoding: 'utf8',
            env: {...process.env, HOME: theirs.path},
          });
        expect(virtty('adopt', String(pid)).status).toBe(0);
        expect(virtty('destroy', 'web').stderr).toContain(
          `cannot force off domain 'web': its process ${pid} is another user's, and this one may not send it SIGTERM`,
        );
        expect(virtty('domstate', '--reason', 'web').stdout).toContain('paused');
        virtty('qemu-monitor-command', 'web', '--hmp', 'quit');
        expect(virtty('domstate', 'web').stdout).toContain('shut off');
      } finally {
        await theirs.remove();
      }
    },
  );

  test('is only defined where its monitor is in use, and that is said', async () => {
    const {pid} = await start(`-name web ${QMP}`, ['q.sock']);
    const client = connect(elsewhere.join('q.sock'));
    await once(client, 'data');
    try {
      const result = await driver.hypervisor.domainAdopt(String(pid));
      expect(result.notTakenOver).toContain(`process ${process.pid}`);
      expect(await driver.hypervisor.domainLookup('web')).toMatchObject({state: {is: 'shut off'}, persistent: true});
      expect((await driver.hypervisor.listForeignDomains()).map(domain => domain.pid)).toContain(pid);
    } finally {
      client.destroy();
    }
  });

  test('gets another name where its own is taken or missing', async () => {
    await driver.define('web');
    const {pid} = await start(`-name web ${QMP}`, ['q.sock']);
    await expect(driver.hypervisor.domainAdopt(String(pid))).rejects.toMatchObject({
      code: 'XML_ERROR',
      hint: 'choose another name with --name',
    });
    const result = await driver.hypervisor.domainAdopt(String(pid), {name: 'web2'});
    expect(result).toMatchObject({name: 'web2'});
    expect((await driver.hypervisor.domainLookup('web2')).pid).toBe(pid);
  });
});
