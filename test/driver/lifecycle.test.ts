import {existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {LiveStatus} from '../../src/driver/live-status.ts';
import {formatState} from '../../src/model/domain-state.ts';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

describe.skipIf(!hasQemu)('the life of a domain (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  const runFiles = () => readdirSync(driver.root.join('run')).filter(name => name !== 'owner' && name !== 'last-id');
  const states = (name: string) => {
    const seen: string[] = [];
    driver.hypervisor.onDomainEvent(event => {
      if (event.type === 'changed' && event.domain.name === name) seen.push(formatState(event.domain.state));
    });
    return seen;
  };

  test('a domain starts, runs and is forced off, and nothing of it stays', async () => {
    await driver.define('sector');
    const seen = states('sector');
    await driver.hypervisor.domainCreate('sector');
    const running = await driver.hypervisor.domainLookup('sector');
    expect(formatState(running.state)).toBe('running (booted)');
    expect(running.id).toBe(1);
    expect(existsSync(`/proc/${running.pid}`)).toBe(true);
    await driver.hypervisor.domainDestroy('sector');
    const off = await driver.hypervisor.domainLookup('sector');
    expect(formatState(off.state)).toBe('shut off (destroyed)');
    expect(off.id).toBe(-1);
    expect(existsSync(`/proc/${running.pid}`)).toBe(false);
    expect(runFiles()).toEqual([]);
    expect(seen).toContain('running (booted)');
    expect(seen.at(-1)).toBe('shut off (destroyed)');
  });

  test('logs are told apart, and one that the definition names is left alone', async () => {
    const own = driver.root.join('own.log');
    writeFileSync(own, 'precious\n');
    await driver.define('web');
    await driver.define('web~serial0', ["<target port='0'/>", `<log file='${own}' append='on'/><target port='0'/>`]);
    for (const name of ['web', 'web~serial0']) await driver.hypervisor.domainCreate(name);
    const console = await driver.console('web~serial0');
    await console.see('> ');
    expect(readFileSync(own, 'utf8')).toMatch(/^precious\n/);
    expect(readdirSync(driver.root.join('log')).sort()).toEqual([
      'web%7Eserial0.log',
      'web.log',
      'web~serial0.log',
      'web~serial0.log.times',
    ]);
  });

  test('nothing is kept of a domain that is undefined, before its end or after', async () => {
    const kept = () => readdirSync(driver.root.join('lib')).filter(name => name.endsWith('.json'));
    const [end, undefine] = [
      () => driver.hypervisor.domainDestroy('web'),
      () => driver.hypervisor.domainUndefine('web'),
    ];
    for (const steps of [
      [end, undefine],
      [undefine, end],
    ]) {
      await driver.define('web');
      await driver.hypervisor.domainCreate('web');
      for (const step of steps) await step();
      await driver.reopen();
      expect(kept()).toEqual([]);
    }
  });

  test('pause and resume follow the emulator', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    await driver.hypervisor.domainSuspend('sector');
    expect(formatState((await driver.hypervisor.domainLookup('sector')).state)).toBe('paused (user)');
    await expect(driver.hypervisor.domainSuspend('sector')).rejects.toMatchObject({code: 'OPERATION_INVALID'});
    await driver.hypervisor.domainResume('sector');
    expect(formatState((await driver.hypervisor.domainLookup('sector')).state)).toBe('running (unpaused)');
  });

  test('a status that could not be written stands in the way of no later one', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    const {uuid} = await driver.hypervisor.domainLookup('sector');
    const [runDir, aside] = [driver.root.join('run', uuid), driver.root.join('run', 'aside')];
    renameSync(runDir, aside);
    await driver.hypervisor.domainSuspend('sector');
    const log = () => readFileSync(driver.root.join('log', 'sector.log'), 'utf8');
    await expect.poll(log, {timeout: 15_000}).toContain('cannot note the state of the domain: ');
    renameSync(aside, runDir);
    await driver.hypervisor.domainResume('sector');
    await driver.reopen();
    const status: LiveStatus = JSON.parse(readFileSync(join(runDir, 'status.json'), 'utf8'));
    expect(formatState(status.state)).toBe('running (unpaused)');
  });

  test('a guest that powers off is shut off by itself', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    const console = await driver.console('sector');
    await console.see('> ');
    console.type('p\r');
    expect(formatState((await driver.untilOff('sector')).state)).toBe('shut off (shutdown)');
    await console.untilStatus('ended');
    expect(console.text).toContain(BOOT_SECTOR_BANNER);
  });

  test('the power button shuts down, and reboots when that was asked', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    const console = await driver.console('sector');
    await console.see('> ');
    await driver.hypervisor.domainReboot('sector');
    await console.see(BOOT_SECTOR_BANNER, 2);
    const {state, id} = await driver.until('sector', domain => domain.state.is === 'running');
    expect([state.is, id]).toEqual(['running', 1]);
    await driver.hypervisor.domainShutdown('sector');
    expect(formatState((await driver.untilOff('sector')).state)).toBe('shut off (shutdown)');
  });

  test('a guest that reboots goes on, or ends when its definition says so', async () => {
    await driver.define('again');
    await driver.define('once', ['<on_reboot>restart', '<on_reboot>destroy']);
    for (const name of ['again', 'once']) await driver.hypervisor.domainCreate(name);
    const [again, once] = [await driver.console('again'), await driver.console('once')];
    for (const console of [again, once]) {
      await console.see('> ');
      console.type('r\r');
    }
    await again.see(BOOT_SECTOR_BANNER, 2);
    expect((await driver.untilOff('once')).state.reason).toBe('shutdown');
    expect((await driver.hypervisor.domainLookup('again')).state.is).toBe('running');
  });

  test('a reset restarts the guest, and is refused where it would end it', async () => {
    await driver.define('again');
    await driver.define('once', ['<on_reboot>restart', '<on_reboot>destroy']);
    for (const name of ['again', 'once']) await driver.hypervisor.domainCreate(name);
    const [again, once] = [await driver.console('again'), await driver.console('once')];
    for (const console of [again, once]) await console.see('> ');
    await driver.hypervisor.domainReset('again');
    await again.see(BOOT_SECTOR_BANNER, 2);
    for (const method of ['domainReset', 'domainReboot'] as const) {
      await expect(driver.hypervisor[method]('once')).rejects.toMatchObject({code: 'OPERATION_UNSUPPORTED'});
    }
    expect((await driver.hypervisor.domainLookup('once')).state.is).toBe('running');
  });

  test('a power-off becomes a restart, or a standstill, when the definition says so', async () => {
    await driver.define('restart', ['<on_poweroff>destroy', '<on_poweroff>restart']);
    await driver.define('preserve', ['<on_poweroff>destroy', '<on_poweroff>preserve']);
    for (const name of ['restart', 'preserve']) await driver.hypervisor.domainCreate(name);
    const [restart, preserve] = [await driver.console('restart'), await driver.console('preserve')];
    for (const console of [restart, preserve]) {
      await console.see('> ');
      console.type('p\r');
    }
    await restart.see(BOOT_SECTOR_BANNER, 2);
    await driver.until('preserve', domain => formatState(domain.state) === 'paused (shutting down)');
  });

  test('a device that the board cannot have is refused', async () => {
    await driver.define('other', ['<serial', "<nvram><address type='spapr-vio' reg='0x4000'/></nvram><serial"]);
    await expect(driver.hypervisor.domainCreate('other')).rejects.toMatchObject({code: 'CONFIG_UNSUPPORTED'});
  });

  test('an emulator that refuses is quoted, and nothing of the attempt stays', async () => {
    await driver.define('broken', ['/broken.img', '/no such, disk.img']);
    await expect(driver.hypervisor.domainCreate('broken')).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      detail: [expect.stringContaining("no such, disk.img': No such file or directory")],
    });
    const {state, lastWords} = await driver.hypervisor.domainLookup('broken');
    expect(formatState(state)).toBe('shut off (failed)');
    expect(lastWords.join()).toContain('No such file or directory');
    expect(runFiles()).toEqual([]);
    expect(readdirSync(driver.root.join('log'))).toEqual(['broken.log']);
  });
});
