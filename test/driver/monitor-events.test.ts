import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Hypervisor, MonitorEvent} from '../../src/model/hypervisor.ts';
import {DriverHarness, hasQemu} from './driver-harness.ts';

/** Listens; `next` settles with the next event of that name, also one that came before. */
async function listen(hypervisor: Hypervisor, domain?: string) {
  const seen: MonitorEvent[] = [];
  let changed = Promise.withResolvers<void>();
  const handleEvent = (event: MonitorEvent) => {
    seen.push(event);
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const subscription = await hypervisor.domainMonitorEvents(handleEvent, domain === undefined ? {} : {domain});
  const next = async (name: string): Promise<MonitorEvent> => {
    for (;;) {
      const found = seen.find(event => event.name === name);
      if (found) return found;
      await changed.promise;
    }
  };
  return {seen, next, dispose: () => subscription.dispose()};
}

describe.skipIf(!hasQemu)("events of a domain's monitor (needs qemu-system-x86_64)", () => {
  let driver: DriverHarness;
  beforeEach(async () => {
    driver = await DriverHarness.open();
    await driver.define('sector');
    await driver.define('other');
    await driver.hypervisor.domainCreate('sector');
  });
  afterEach(() => driver.dispose());

  test('the owner is told of its domains, also of one that starts later', async () => {
    const events = await listen(driver.hypervisor);
    await driver.hypervisor.domainSuspend('sector');
    expect(await events.next('STOP')).toMatchObject({domain: 'sector', name: 'STOP'});
    expect((await events.next('STOP')).data).toBeUndefined();
    await driver.hypervisor.domainCreate('other');
    expect(await events.next('RESUME')).toMatchObject({domain: 'other'});
    await driver.hypervisor.domainReset('other');
    expect((await events.next('RESET')).data).toBe('{"guest":false,"reason":"host-qmp-system-reset"}');
    events.dispose();
  });

  test('a reader is told over the second monitor, and of one domain only when asked so', async () => {
    const reader = await driver.openReader();
    const events = await listen(reader, 'sector');
    await driver.hypervisor.domainCreate('other');
    await driver.hypervisor.domainSuspend('sector');
    await events.next('STOP');
    expect(new Set(events.seen.map(event => event.domain))).toEqual(new Set(['sector']));
    events.dispose();
    await reader.close();
    expect(await driver.hypervisor.domainMonitorCommand('sector', 'info status', {format: 'hmp'})).toContain('paused');
  });

  test('a reader of a second monitor that is in use is told so', async () => {
    const [first, second] = [await driver.openReader(), await driver.openReader()];
    const events = await listen(first, 'sector');
    await expect(listen(second, 'sector')).rejects.toMatchObject({code: 'RESOURCE_BUSY'});
    events.dispose();
    await first.close();
    await second.close();
  });
});
