import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

const AT_MS = 1_700_000_000_123.456;
const STOP = {domain: 'web', name: 'STOP', atMs: AT_MS};
const CHANGE = {domain: 'db', name: 'RTC_CHANGE', atMs: AT_MS, data: '{"offset":18446744073709551615}'};

/** Runs the command up to where it listens. */
async function listen(...words: readonly string[]) {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1), runningDomain('db', 2)]});
  const cli = new CliHarness({hypervisor});
  const status = cli.run('qemu-monitor-event', ...words);
  await hypervisor.untilMonitored();
  return {hypervisor, cli, status};
}

test('prints one event with its exact time and ends', async () => {
  const {hypervisor, cli, status} = await listen();
  hypervisor.emitMonitor(STOP);
  hypervisor.emitMonitor(STOP);
  expect(await status).toBe(0);
  expect(cli.stdout.text).toBe("event STOP at 1700000000.123456 for domain 'web': <null>\nevents received: 1\n\n");
});

test('with --loop prints every event, with exact numbers, until Ctrl-C', async () => {
  const {hypervisor, cli, status} = await listen('--loop', '--timestamp');
  hypervisor.emitMonitor(STOP);
  hypervisor.emitMonitor(CHANGE);
  cli.signal('SIGINT');
  expect(await status).toBe(0);
  expect(cli.stdout.text).toBe(
    [
      "2023-11-14 22:13:20.123+0000: event STOP for domain 'web': <null>",
      `2023-11-14 22:13:20.123+0000: event RTC_CHANGE for domain 'db': ${CHANGE.data}`,
      'event loop interrupted',
      'events received: 2\n\n',
    ].join('\n'),
  );
});

test('leaves out other domains', async () => {
  const {hypervisor, cli, status} = await listen('db');
  hypervisor.emitMonitor(STOP);
  hypervisor.emitMonitor(CHANGE);
  expect(await status).toBe(0);
  expect(cli.stdout.text).toContain('RTC_CHANGE');
});

test.each([
  ['--event', 'rtc_change', '--no-case'],
  ['--event', '^RTC', '--regex'],
  ['--event', 'RTC_CHANGE'],
])('leaves out other events: %s %s %s', async (...words) => {
  const {hypervisor, cli, status} = await listen(...words.filter(word => word !== undefined), '--pretty');
  hypervisor.emitMonitor(STOP);
  hypervisor.emitMonitor(CHANGE);
  expect(await status).toBe(0);
  expect(cli.stdout.text).toContain('\'db\': {\n  "offset": 18446744073709551615\n}\n');
});

test('fails when no event came in time', async () => {
  const {cli, status} = await listen('--timeout', '3');
  expect(await cli.elapse()).toBe(3000);
  expect(await status).toBe(1);
  expect(cli.stdout.text).toBe('event loop timed out\nevents received: 0\n');
  expect(cli.stderr.text).toBe('error: no such event came within 3 s\n');
});

test('prints JSON with the data as it came', async () => {
  const {hypervisor, cli, status} = await listen('--json');
  hypervisor.emitMonitor(CHANGE);
  expect(await status).toBe(0);
  expect(cli.stdout.text).toBe(
    `{"domain":"db","event":"RTC_CHANGE","seconds":1700000000.123456,"data":${CHANGE.data}}\n`,
  );
});

test('refuses what is no regular expression', async () => {
  const cli = new CliHarness({hypervisor: new FakeHypervisor()});
  expect(await cli.run('qemu-monitor-event', '--event', '(', '--regex')).toBe(2);
});
