import {once} from 'node:events';
import {connect} from 'node:net';
import {userInfo} from 'node:os';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {waitForChange} from '../../src/host/wait-for.ts';
import type {DomainEvent, DomainSummary} from '../../src/model/hypervisor.ts';
import {DriverHarness, hasQemu} from '../driver/driver-harness.ts';
import {BOOT_SECTOR_BANNER} from '../guests/boot-sector/boot-sector.ts';
import {makeTempRoot, type TempRoot} from '../support/temp-root.ts';
import {ForeignEmulator} from './foreign-guest.ts';

const QMP = '-qmp unix:%/q.sock,server=on,wait=off';
const SERIAL = '-serial unix:%/s.sock,server=on,wait=off';

/** Other tests start guests of others at the same time. */
const UNIQUE = `web-${process.pid}`;

describe.skipIf(!hasQemu)('a guest that somebody else started (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  let elsewhere: TempRoot;
  let emulators: ForeignEmulator[];
  beforeEach(async () => {
    emulators = [];
    elsewhere = await makeTempRoot();
    driver = await DriverHarness.open();
  });
  afterEach(async () => {
    for (const emulator of emulators) await emulator.end();
    await driver.dispose();
    await elsewhere.remove();
  });

  const start = async (options: string, sockets: readonly string[] = []) => {
    const emulator = await ForeignEmulator.start(elsewhere, options, sockets);
    emulators.push(emulator);
    return emulator;
  };
  const find = async ({pid}: ForeignEmulator): Promise<DomainSummary> => {
    const found = (await driver.hypervisor.listForeignDomains()).find(domain => domain.pid === pid);
    if (!found) throw new Error(`process ${pid} is not listed`);
    return found;
  };

  test('is listed with who runs it, its XML, and what it uses', async () => {
    const emulator = await start(`-name web ${QMP} ${SERIAL}`, ['q.sock', 's.sock']);
    const domain = await find(emulator);
    expect(domain).toMatchObject({
      name: `web@${emulator.pid}`,
      state: {is: 'running'},
      arch: 'x86_64',
      vcpus: 1,
      memoryKiB: 16384n,
      persistent: false,
      foreign: {runner: {is: 'by hand'}, user: userInfo().username, monitor: true, console: true},
    });
    expect(await driver.hypervisor.domainGetXml(domain.name)).toContain('<name>web</name>');
    expect(await driver.hypervisor.domainXmlToNative(domain.name)).toContain('-name web');
    const [stats] = await driver.hypervisor.domainStats([domain.name]);
    expect(stats?.rssKiB).toBeGreaterThan(1000n);
    const {credentials, checks} = await driver.hypervisor.domainSecurity(domain.name);
    expect(credentials.pid).toBe(emulator.pid);
    expect(checks.find(({aspect}) => aspect === 'user')).toMatchObject({asked: 'not known', verdict: 'unasked'});
    expect(checks.filter(({verdict}) => verdict === 'drift')).toEqual([]);
    expect((await driver.hypervisor.listDomains()).map(({name}) => name)).toEqual([]);
  });

  test('is found by its pid and by its name alone, and its free monitor is asked for the state', async () => {
    const emulator = await start(`-name ${UNIQUE} -S ${QMP}`, ['q.sock']);
    for (const text of [String(emulator.pid), UNIQUE, `${UNIQUE}@${emulator.pid}`]) {
      const {pid, state} = await driver.hypervisor.domainLookup(text);
      expect([pid, state]).toEqual([emulator.pid, {is: 'paused', reason: 'starting up'}]);
    }
    await expect(driver.hypervisor.domainLookup(`${UNIQUE}x`)).rejects.toMatchObject({code: 'NO_DOMAIN'});
    const second = await start(`-name ${UNIQUE} -S`);
    await expect(driver.hypervisor.domainLookup(UNIQUE)).rejects.toMatchObject({
      code: 'INVALID_ARG',
      hint: expect.stringContaining(String(second.pid)),
    });
  });

  test('its coming and going is told by events', async () => {
    const told: DomainEvent[] = [];
    driver.hypervisor.onDomainEvent(event => told.push(event));
    const emulator = await start('-name web');
    const {name} = await find(emulator);
    expect(told).toContainEqual(expect.objectContaining({type: 'changed', domain: expect.objectContaining({name})}));
    const before = told.length;
    await driver.hypervisor.listForeignDomains();
    expect(told.slice(before).filter(event => event.type === 'changed' && event.domain.name === name)).toEqual([]);
    await emulator.end();
    await driver.hypervisor.listForeignDomains();
    expect(told).toContainEqual({type: 'removed', name});
  });

  test('what would change it is refused, with whose it is and what to do', async () => {
    const {name, pid} = await find(await start(`-name web ${QMP}`, ['q.sock']));
    const {hypervisor} = driver;
    const calls = [
      () => hypervisor.domainDestroy(name),
      () => hypervisor.domainSuspend(name),
      () => hypervisor.domainUndefine(name),
      () => hypervisor.domainCreate(name),
      () => hypervisor.domainSendKeys(name, [['a']]),
      () => hypervisor.domainScreenshot(name),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'OPERATION_INVALID',
        message: expect.stringMatching(/it is not this instance's: .* started it by hand/),
        hint: `make it this instance's first: virtty adopt ${pid}`,
      });
    }
  });

  test('its monitor is used for one command and let go', async () => {
    const emulator = await start(`-name web ${QMP}`, ['q.sock']);
    const {name} = await find(emulator);
    const ask = () => driver.hypervisor.domainMonitorCommand(name, 'info status', {format: 'hmp'});
    expect(await ask()).toContain('running');
    expect(await ask()).toContain('running');
    expect((await find(emulator)).foreign?.monitor).toBe(true);
  });

  test('a text monitor is used in the same way', async () => {
    const emulator = await start('-name web -monitor unix:%/m.sock,server=on,wait=off', ['m.sock']);
    const {name} = await find(emulator);
    const answer = await driver.hypervisor.domainMonitorCommand(name, 'info status', {format: 'hmp'});
    expect(answer.trim()).toBe('VM status: running');
    await driver.hypervisor.domainMonitorCommand(name, 'stop', {format: 'hmp'});
    expect((await driver.hypervisor.domainLookup(name)).state.is).toBe('paused');
    expect((await find(emulator)).foreign?.monitor).toBe(true);
  });

  test('a monitor that another program holds is said to be in use, and by whom', async () => {
    const emulator = await start(`-name web ${QMP}`, ['q.sock']);
    const client = connect(elsewhere.join('q.sock'));
    await once(client, 'data'); // the greeting: it has been taken
    try {
      const {name, foreign} = await find(emulator);
      expect(foreign?.monitor).toContain('is in use');
      const command = driver.hypervisor.domainMonitorCommand(name, 'info status', {format: 'hmp'});
      await expect(command).rejects.toMatchObject({
        code: 'RESOURCE_BUSY',
        message: expect.stringContaining(`process ${process.pid}`),
      });
    } finally {
      client.destroy();
    }
  });

  test('its serial line over a socket is typed into, and let go', async () => {
    const emulator = await start(`-name web -S ${QMP} ${SERIAL}`, ['q.sock', 's.sock']);
    const {name} = await find(emulator);
    const console = await driver.console(name);
    await driver.hypervisor.domainMonitorCommand(name, 'cont', {format: 'hmp'});
    await console.see(BOOT_SECTOR_BANNER);
    console.type('hello');
    await console.see('hello');
    const second = await driver.console(name);
    await second.see('hello'); // what was heard while connected
    console.stream.dispose();
    second.stream.dispose();
    const again = await driver.console(name);
    again.type('again');
    await again.see('again');
    await emulator.end();
    await again.untilStatus('ended');
  });

  test('its serial line on a pty is found among its descriptors', async () => {
    const emulator = await start(`-name web ${QMP} -monitor pty -serial pty`, ['q.sock']);
    const {name} = await find(emulator);
    const chardevs = await driver.hypervisor.domainMonitorCommand(name, 'info chardev', {format: 'hmp'});
    const pty = /serial0: filename=pty:(\S+)/.exec(chardevs)?.[1];
    expect(await driver.hypervisor.domainGetXml(name)).toContain(`<serial type='pty'>\n      <source path='${pty}'/>`);
    const console = await driver.console(name);
    // QEMU notices a client of a pty within a second, and the guest takes keys when it has booted.
    const answers = async () => {
      console.type('\r');
      return console.text.includes('>') || undefined;
    };
    expect(await waitForChange(elsewhere.path, answers, {timeoutMs: 15_000, recheckMs: 200})).toBe(true);
  });

  test('what its serial line has said before is read where the emulator keeps a log of it', async () => {
    const {name} = await find(
      await start(`-name web ${QMP} -chardev pty,id=c,logfile=%/log -serial chardev:c`, ['q.sock']),
    );
    const console = await driver.console(name);
    await console.see(BOOT_SECTOR_BANNER);
    await console.see('> ');
    console.type('typed');
    await console.see('typed');
  });

  test('a line that somebody listens to is refused, with who it is', async () => {
    const {name} = await find(await start(`-name web ${SERIAL}`, ['s.sock']));
    const client = connect(elsewhere.join('s.sock'));
    const isTaken = async () =>
      typeof (await driver.hypervisor.domainLookup(name)).foreign?.console === 'string' || undefined;
    expect(await waitForChange(elsewhere.path, isTaken, {timeoutMs: 15_000})).toBe(true);
    try {
      await expect(driver.hypervisor.domainOpenConsole(name)).rejects.toMatchObject({
        code: 'RESOURCE_BUSY',
        message: expect.stringContaining(`process ${process.pid}`),
      });
    } finally {
      client.destroy();
    }
  });

  test('a command line that is no domain is listed with what is wrong in it', async () => {
    const emulator = await start(
      '-name bad\u001b[31m -uuid 12345678-1234-1234-1234-123456789abc -smp 1 -boot order=c,menu=on',
    );
    const {name, foreign} = await find(emulator);
    expect(name).toContain(`@${emulator.pid}`);
    const errors = foreign?.problems.filter(({severity}) => severity === 'error') ?? [];
    expect(errors.length).toBeGreaterThan(0);
    await expect(driver.hypervisor.domainGetXml(name)).rejects.toMatchObject({code: 'XML_ERROR'});
    await expect(driver.hypervisor.domainAdopt(name)).rejects.toMatchObject({code: 'XML_ERROR'});
  });

  test("this instance's own guests and its probes are not listed", async () => {
    await driver.define('own');
    await driver.hypervisor.domainCreate('own');
    const {pid} = await driver.hypervisor.domainLookup('own');
    await driver.hypervisor.capabilities({complete: true});
    const pids = (await driver.hypervisor.listForeignDomains()).map(domain => domain.pid);
    expect(pids).not.toContain(pid);
  });

  test('a guest of another instance is known as such', async () => {
    const other = await DriverHarness.open();
    try {
      await other.define('theirs');
      await other.hypervisor.domainCreate('theirs');
      const {pid} = await other.hypervisor.domainLookup('theirs');
      const found = (await driver.hypervisor.listForeignDomains()).find(domain => domain.pid === pid);
      expect(found?.foreign).toMatchObject({
        runner: {is: 'virtty', directory: other.root.join('run')},
        monitor: true, // its second one is free
      });
    } finally {
      await other.dispose();
    }
  });
});
