import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {BOOT_SECTOR_BANNER, BOOT_SECTOR_FLOOD_BYTES} from '../guests/boot-sector/boot-sector.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

describe.skipIf(!hasQemu)('consoles, monitors and confinement of a running domain (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
  });
  afterEach(() => driver.dispose());

  test('two viewers see the same bytes, the late one as history', async () => {
    const first = await driver.console('sector');
    await first.see('> ');
    first.type('hello');
    await first.see('hello');
    const second = await driver.console('sector');
    await second.see('hello');
    expect(second.liveText).toBe('');
    second.type(' world');
    await first.see(' world');
    await second.see(' world');
    expect(second.text).toBe(first.text);
    expect(second.liveText).toBe(' world');
  });

  test('a reader in another place sees and types too', async () => {
    const first = await driver.console('sector');
    await first.see('> ');
    const reader = await driver.openReader();
    const stream = await reader.domainOpenConsole('sector');
    stream.onData(() => {});
    stream.write(Buffer.from('from elsewhere'));
    await first.see('from elsewhere');
    stream.dispose();
    await reader.close();
  });

  test('a viewer that does not read stalls nobody, and misses nothing', async () => {
    const [slow, fast] = [await driver.console('sector'), await driver.console('sector')];
    await fast.see('> ');
    slow.stream.pause();
    fast.type('f\r');
    await fast.see('09ff');
    await fast.see('\r\n> ', 2);
    expect(fast.text.length).toBeGreaterThan(BOOT_SECTOR_FLOOD_BYTES);
    expect(slow.text.length).toBeLessThan(fast.text.length);
    slow.stream.resume();
    await slow.see('09ff');
    await slow.see('\r\n> ', 2);
    expect(slow.text).toBe(fast.text);
  });

  test('a console goes on over a restart, and keeps the output of a guest that is off', async () => {
    const console = await driver.console('sector');
    await console.see('> ');
    await driver.hypervisor.domainDestroy('sector');
    await console.untilStatus('ended');
    expect(() => console.type('x')).toThrow(/not running/);
    const late = await driver.console('sector');
    await late.see(BOOT_SECTOR_BANNER);
    expect(late.stream.status.is).toBe('ended');
    await driver.hypervisor.domainCreate('sector');
    await console.see(BOOT_SECTOR_BANNER, 2);
    expect(console.stream.status.is).toBe('live');
    console.type('back');
    await console.see('back');
  });

  test('history is cut where asked, and the cut is counted', async () => {
    const all = await driver.console('sector');
    await all.see('> ');
    const stream = await driver.hypervisor.domainOpenConsole('sector', {historyBytes: 2});
    expect(stream.skippedBytes).toBe(all.text.length - 2);
    stream.dispose();
  });

  test('a line that is not there is named', async () => {
    await expect(driver.hypervisor.domainOpenConsole('sector', {device: 'serial9'})).rejects.toMatchObject({
      hint: 'it has serial0',
    });
  });

  test('the monitor answers in text and in QMP, and quotes a refusal', async () => {
    const run = (command: string, format: 'hmp' | 'qmp') =>
      driver.hypervisor.domainMonitorCommand('sector', command, {format});
    expect(await run('info status', 'hmp')).toContain('VM status: running');
    expect(JSON.parse(await run('query-status', 'qmp'))).toMatchObject({return: {status: 'running'}});
    expect(
      JSON.parse(await run('{"execute":"qom-get","arguments":{"path":"/machine","property":"type"}}', 'qmp')).return,
    ).toContain('pc-');
    await expect(run('no-such', 'qmp')).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringContaining('no-such'),
    });
    await expect(run('{"execute":', 'qmp')).rejects.toMatchObject({code: 'INVALID_ARG'});
  });

  test('what is done on the monitor by hand shows in the state', async () => {
    await driver.hypervisor.domainMonitorCommand('sector', 'stop', {format: 'hmp'});
    expect((await driver.until('sector', domain => domain.state.is === 'paused')).state.reason).toBe('user');
  });

  test("the kernel's view of the process agrees with what was asked", async () => {
    const {checks, credentials} = await driver.hypervisor.domainSecurity('sector');
    expect(checks.filter(check => check.verdict === 'drift')).toEqual([]);
    expect(credentials.seccomp.mode).toBe('filter');
    expect(credentials.noNewPrivs).toBe(true);
    expect(credentials.capabilities).toEqual({
      inheritable: 0n,
      permitted: 0n,
      effective: 0n,
      bounding: expect.anything(),
      ambient: 0n,
    });
  });

  test('its counters grow', async () => {
    const [first] = await driver.hypervisor.domainStats();
    expect(first?.rssKiB).toBeGreaterThan(1000n);
    expect(first?.cpuTimeNs).toBeGreaterThan(0n);
    await driver.hypervisor.domainDestroy('sector');
    expect(await driver.hypervisor.domainStats()).toEqual([]);
  });
});
