import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {openDriver} from '../../src/driver/open.ts';
import {waitForChange} from '../../src/host/wait-for.ts';
import {formatState} from '../../src/model/domain-state.ts';
import {connectUnixSocket} from '../../src/monitor/connect-monitor.ts';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {DriverHarness, hasQemu, QEMU} from './driver-harness.ts';

describe.skipIf(!hasQemu)('a domain that outlives its console (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
  });
  afterEach(() => driver.dispose());

  const emulators: ChildProcess[] = [];
  const ended = async (child: ChildProcess | undefined) => {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const lookup = () => driver.hypervisor.domainLookup('sector');
  const kill = async (signal: NodeJS.Signals) => {
    const {pid = 0} = await lookup();
    return async () => {
      process.kill(pid, signal);
      while (existsSync(`/proc/${pid}`)) await new Promise(setImmediate);
    };
  };

  test('is found again, running, with its console from the first byte', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    const before = await lookup();
    await driver.reopen();
    const after = await lookup();
    expect([after.state.is, after.pid, after.id]).toEqual(['running', before.pid, before.id]);
    const again = await driver.console('sector');
    await again.see('> ');
    expect(again.text).toContain(BOOT_SECTOR_BANNER);
    again.type('still here');
    await again.see('still here');
    await driver.hypervisor.domainSuspend('sector');
    expect((await lookup()).state.is).toBe('paused');
  });

  test('is found paused when it was paused meanwhile', async () => {
    await driver.hypervisor.domainMonitorCommand('sector', 'stop', {format: 'qmp'});
    await driver.reopen();
    expect((await lookup()).state.is).toBe('paused');
  });

  test('that died meanwhile is shut off, with the reason and the last words', async () => {
    const died = await kill('SIGKILL');
    await driver.reopen(died);
    const {state, lastWords} = await lookup();
    expect(formatState(state)).toBe('shut off (crashed)');
    expect(lastWords.at(-1)).toContain('killed by SIGKILL');
    expect(readdirSync(driver.root.join('run')).sort()).toEqual(['last-id', 'owner']);
    await driver.reopen();
    expect(formatState((await lookup()).state)).toBe('shut off (crashed)');
  });

  test('that was ended by a signal names its sender', async () => {
    const died = await kill('SIGTERM');
    await driver.reopen(died);
    const {state, lastWords} = await lookup();
    expect(formatState(state)).toBe('shut off (destroyed)');
    expect(lastWords.join()).toContain('terminating on signal 15');
  });

  test('whose guest powered off meanwhile is shut off in order', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    const {pid = 0} = await lookup();
    console.type('p\r');
    await driver.reopen(async () => {
      while (existsSync(`/proc/${pid}`)) await new Promise(setImmediate);
    });
    expect(formatState((await lookup()).state)).toBe('shut off (shutdown)');
  });

  test('whose status file is gone is left alone while it runs, and told', async () => {
    const {uuid, pid} = await lookup();
    await driver.reopen(() => rmSync(driver.root.join('run', uuid, 'status.json')));
    const {promise, resolve} = Promise.withResolvers<string>();
    driver.hypervisor.onDomainEvent(event => event.type === 'warning' && resolve(event.message));
    expect(await promise).toContain('lost its status file, and its guest is running');
    await driver.reopen(async () => {
      process.kill(pid ?? 0, 'SIGKILL');
      while (existsSync(`/proc/${pid}`)) await new Promise(setImmediate);
    });
    expect(existsSync(driver.root.join('run', uuid))).toBe(false);
  });

  // Where this version has the sockets of a run, and where earlier ones had them.
  test.each(['guest', '.'])('whose start was cut short is cleared away, with its monitor in %s', async folder => {
    const {uuid, pid} = await lookup();
    const run = driver.root.join('run', uuid);
    const monitor = join(run, folder, 'monitor.sock');
    await driver.reopen(async () => {
      process.kill(pid ?? 0, 'SIGKILL');
      while (existsSync(`/proc/${pid}`)) await new Promise(setImmediate);
      // The socket of the one that was killed is still there: the new one's is waited for.
      for (const path of [join(run, 'status.json'), join(run, 'guest/monitor.sock')]) rmSync(path);
      const sockets = ['-qmp', `unix:${monitor},server=on,wait=off`];
      const emulator = spawn(QEMU, ['-S', '-machine', 'none', '-display', 'none', '-nodefaults', ...sockets], {
        stdio: 'ignore',
      });
      emulators.push(emulator);
      (
        await waitForChange(dirname(monitor), () => connectUnixSocket(monitor).catch(() => undefined), {
          timeoutMs: 10_000,
        })
      )?.destroy();
    });
    await ended(emulators[0]);
    expect(existsSync(run)).toBe(false);
    expect((await lookup()).state.is).toBe('shut off');
  });

  test('that an earlier version started, with its sockets beside the status, is found', async () => {
    const {uuid} = await lookup();
    const run = driver.root.join('run', uuid);
    await driver.reopen(() => {
      for (const name of ['monitor.sock', 'user.sock']) renameSync(join(run, 'guest', name), join(run, name));
      const path = join(run, 'status.json');
      const {guestDir: _, ...status} = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      writeFileSync(path, JSON.stringify(status));
    });
    expect((await lookup()).state.is).toBe('running');
    const reader = await driver.openReader();
    expect(await reader.domainMonitorCommand('sector', 'info status', {format: 'hmp'})).toContain('running');
    await reader.close();
  });

  test('that is killed while it is watched is told at once', async () => {
    const died = await kill('SIGKILL');
    await died();
    const {state, lastWords} = await driver.untilOff('sector');
    expect(formatState(state)).toBe('shut off (crashed)');
    expect(lastWords.join()).toContain('SIGKILL');
  });
});

describe.skipIf(!hasQemu)('the owner of an instance (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
  });
  afterEach(() => driver.dispose());

  const open = (access: 'owner' | 'reader') => openDriver({kind: 'embed', root: driver.root.path}, {access});

  test('is one at a time, and named by its pid', async () => {
    await expect(open('owner')).rejects.toMatchObject({
      code: 'RESOURCE_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  test('lets readers see what it sees', async () => {
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
    await driver.hypervisor.domainSuspend('sector');
    const reader = await open('reader');
    const seen = await reader.domainLookup('sector');
    expect(formatState(seen.state)).toBe('paused (user)');
    expect(reader.instance.readOnlyReason).toContain(String(process.pid));
    await expect(reader.domainResume('sector')).rejects.toMatchObject({code: 'OPERATION_DENIED'});
    await reader.close();
  });

  test('is followed by readers that listen', async () => {
    await driver.define('sector');
    const reader = await open('reader');
    const states: string[] = [];
    let wake = () => {};
    reader.onDomainEvent(event => {
      states.push(event.type === 'changed' ? event.domain.state.is : event.type);
      wake();
    });
    const until = async (state: string) => {
      while (!states.includes(state)) await new Promise<void>(resolve => (wake = resolve));
    };
    await driver.hypervisor.domainCreate('sector');
    await until('running');
    await driver.hypervisor.domainDestroy('sector');
    await until('shut off');
    await driver.hypervisor.domainUndefine('sector');
    await until('removed');
    expect(await reader.listDomains()).toEqual([]);
    await reader.close();
  });

  test('that died without a word does not stand in the way', async () => {
    await driver.hypervisor.close();
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const stale = JSON.stringify({pid: child.pid, startTicks: 1});
    writeFileSync(driver.root.join('run', 'owner'), stale);
    driver.hypervisor = await open('owner');
    child.kill();
    expect(await driver.hypervisor.listDomains()).toEqual([]);
  });

  test('without a place to write says where', async () => {
    await expect(openDriver({kind: 'embed', root: '/proc/nowhere'}, {access: 'owner'})).rejects.toMatchObject({
      code: 'SYSTEM_ERROR',
      message: expect.stringContaining("'/proc/nowhere/etc'"),
    });
  });
});
