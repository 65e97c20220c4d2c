import {afterEach, describe, expect, test} from 'vitest';
import {HmpClient} from '../../../src/monitor/hmp-client.ts';
import {HmpMonitor} from '../../../src/monitor/hmp-monitor.ts';
import type {QmpEvent} from '../../../src/monitor/monitor-client.ts';
import {RecordedMonitor} from './recorded-monitor.ts';
import {findRecording, hasRecordings} from './recordings.ts';

const monitors: HmpMonitor[] = [];
afterEach(() => {
  for (const monitor of monitors.splice(0)) monitor.dispose();
});

/** The recorded monitor of an emulator that will be asked what was recorded under these names, in this order. */
async function monitorOf(version: string, names: readonly string[], pollMs = 60_000) {
  const recordings = ['run-00-connect', ...names].map(name => findRecording(version, new RegExp(`^${name}$`)));
  const client = new HmpClient(new RecordedMonitor(recordings));
  await client.waitForPrompt();
  const monitor = new HmpMonitor(client, {pollMs, isRunning: false});
  monitors.push(monitor);
  const events: string[] = [];
  const next: ((event: QmpEvent) => void)[] = [];
  monitor.onEvent(event => {
    events.push(event.name);
    for (const resolve of next.splice(0)) resolve(event);
  });
  return {monitor, events, nextEvent: () => new Promise<QmpEvent>(resolve => next.push(resolve))};
}

describe.skipIf(!hasRecordings)('a recorded text monitor used in QMP words (skipped without the corpus)', () => {
  test.each(['0.8.2', '0.9.1'])(
    'tells what was done over it, of %s, which does not say what it does',
    async version => {
      const {monitor, events} = await monitorOf(version, ['run-02-cont', 'run-05-stop', 'run-06-info-status']);
      await monitor.execute('cont');
      await monitor.execute('stop');
      expect(events).toEqual(['RESUME', 'STOP']);
      await expect(monitor.execute('query-status')).rejects.toMatchObject({qemuClass: 'CommandNotFound'});
    },
  );

  test.each(['0.10.0', '0.15.0'])('asks an emulator of %s whether its guest runs', async version => {
    const {monitor, events, nextEvent} = await monitorOf(version, ['run-03-info-status', 'run-06-info-status'], 1);
    expect((await nextEvent()).name).toBe('RESUME');
    expect((await nextEvent()).name).toBe('STOP');
    expect(events).toEqual(['RESUME', 'STOP']);
    monitor.dispose();
  });

  test('knows no command that only QMP has', async () => {
    const {monitor} = await monitorOf('0.10.0', []);
    await expect(monitor.execute('set-action', {shutdown: 'pause'})).rejects.toMatchObject({
      qemuClass: 'CommandNotFound',
    });
  });

  test('gives drives as QMP does', async () => {
    const {monitor} = await monitorOf('0.9.1', ['main-41-change-ide1-cd0-work-x-iso', 'main-43-info-block']);
    await monitor.execute('human-monitor-command', {'command-line': 'change ide1-cd0 WORK/x.iso'});
    expect(await monitor.execute('query-block')).toContainEqual({
      device: 'ide1-cd0',
      removable: true,
      locked: false,
      inserted: {file: 'WORK/x.iso', ro: false, drv: 'raw', encrypted: false},
    });
  });

  test.each([
    ['0.9.1', 'main-49-eject-nosuch', 'nosuch', 'device not found'],
    ['0.15.0', 'main-48-eject-ide0-hd0', 'ide0-hd0', "Device 'ide0-hd0' is not removable"],
  ])('fails as the emulator of %s says', async (version, name, device, why) => {
    const {monitor} = await monitorOf(version, [name]);
    await expect(monitor.execute('eject', {device})).rejects.toThrow(`the emulator refused 'eject': ${why}`);
  });

  test.each(['0.9.1', '0.10.0', '0.15.0'])('sets the password of the screen of %s', async version => {
    const {monitor} = await monitorOf(version, ['main-150-change-vnc-password', 'main-151-the-password']);
    await monitor.execute('set_password', {protocol: 'vnc', password: 'secret'});
    await monitor.execute('expire_password', {protocol: 'vnc', time: 'never'});
    await expect(monitor.execute('expire_password', {protocol: 'vnc', time: '1'})).rejects.toMatchObject({
      qemuClass: 'CommandNotFound',
    });
  });

  test('ends an emulator', async () => {
    const {monitor} = await monitorOf('0.9.1', ['run-20-quit']);
    const closed = new Promise(resolve => monitor.onClosed(resolve));
    expect(await monitor.execute('quit')).toEqual({});
    await closed;
  });
});
