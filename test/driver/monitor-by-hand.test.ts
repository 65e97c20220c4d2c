import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {MonitorCompleter} from '../../src/app/monitor-completer.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

describe.skipIf(!hasQemu)('a monitor that is used by hand (needs qemu-system-x86_64)', () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
    await driver.hypervisor.domainCreate('sector');
  });
  afterEach(() => driver.dispose());

  const type = (line: string) => driver.hypervisor.domainMonitorCommand('sector', line, {format: 'hmp', by: 'person'});

  test('taints the run, also for who looks later, until the guest is started again', async () => {
    expect((await driver.hypervisor.domainLookup('sector')).taints).toBeUndefined();
    await type('info status');
    expect((await driver.hypervisor.domainLookup('sector')).taints).toEqual(['custom-monitor']);
    await driver.reopen();
    expect((await driver.hypervisor.domainLookup('sector')).taints).toEqual(['custom-monitor']);
    await driver.hypervisor.domainDestroy('sector');
    await driver.hypervisor.domainCreate('sector');
    expect((await driver.hypervisor.domainLookup('sector')).taints).toBeUndefined();
  });

  test('keeps what was typed over restarts of the program, without passwords', async () => {
    for (const line of ['info status', 'info status', 'info kvm', 'set_password vnc geheim']) await type(line);
    await driver.hypervisor.domainMonitorCommand('sector', 'info cpus', {format: 'hmp'});
    await driver.reopen();
    expect(await driver.hypervisor.domainMonitorHistory('sector')).toEqual(['info status', 'info kvm']);
    await driver.hypervisor.domainUndefine('sector');
    expect(await driver.hypervisor.domainMonitorHistory('sector')).toEqual([]);
  });

  test('completes with the words of the emulator and leaves no taint', async () => {
    const completer = new MonitorCompleter(driver.hypervisor);
    expect((await completer.complete('sector', 'device_')).offers).toEqual(['device_add', 'device_del']);
    expect((await completer.complete('sector', 'info statu')).offers).toEqual(['status']);
    expect((await completer.complete('sector', 'eject ')).offers).toHaveLength(1);
    expect((await completer.complete('sector', '{"execute":"query-stat')).offers).toContain('query-status');
    const arguments_ = await completer.complete('sector', '{"execute":"blockdev-add","arguments":{"dri');
    expect(arguments_).toMatchObject({offers: ['driver'], suffix: '":'});
    expect((await driver.hypervisor.domainLookup('sector')).taints).toBeUndefined();
  });

  test('on a read-only connection only asks', async () => {
    const reader = await driver.openReader();
    const run = (command: string, format: 'hmp' | 'qmp') =>
      reader.domainMonitorCommand('sector', command, {format, by: 'person'});
    expect(await run('info status', 'hmp')).toContain('running');
    expect(await run('query-status', 'qmp')).toContain('running');
    const denied = {code: 'OPERATION_DENIED', message: expect.stringContaining('read-only')};
    await expect(run('stop', 'hmp')).rejects.toMatchObject(denied);
    await expect(run('information', 'hmp')).rejects.toMatchObject(denied);
    await expect(run('{"execute":"stop"}', 'qmp')).rejects.toMatchObject(denied);
    const wrapped = '{"execute":"human-monitor-command","arguments":{"command-line":"stop"}}';
    await expect(run(wrapped, 'qmp')).rejects.toMatchObject(denied);
    await reader.close();
  });
});
