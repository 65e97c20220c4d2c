import {describe, expect, test} from 'vitest';
import {linesOfBoot, linesSince, parseSince} from '../../src/cli/log-lines.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

const LOG = [
  '2026-11-24T10:00:00.000Z virtty: starting /usr/bin/qemu -name web',
  'qemu: no space left',
  '2026-11-24T11:00:00.000Z virtty: ended',
  '2026-11-24T12:00:00.000Z virtty: starting /usr/bin/qemu -name web',
  'qemu: second run',
];

function makeGuest() {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  hypervisor.scriptLog('web', LOG);
  return {hypervisor, cli: new CliHarness({hypervisor})};
}
const text = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('');

test.each([
  [['--lines', '1'], LOG.slice(-1)],
  [['--boot', '0'], LOG.slice(3)],
  [['--boot', '-1'], LOG.slice(0, 3)],
  [['--boot=-1', '--lines', '1'], LOG.slice(2, 3)],
  [['--since', '2026-11-24T10:30:00Z'], LOG.slice(2)],
])('log web %j', async (options, lines) => {
  const {cli} = makeGuest();
  expect(await cli.run('log', 'web', ...options)).toBe(0);
  expect(cli.stdout.text).toBe(text(lines));
});

test('log --console prints what a line said as plain text, also the line without an end', async () => {
  const {hypervisor, cli} = makeGuest();
  hypervisor.addConsole('web');
  hypervisor.addConsole('web', {alias: 'serial1', kind: 'serial'}).output('\x1b[31mred\x1b[0m\r\nlogin: ');
  expect(await cli.run('log', 'web', '--console=serial1')).toBe(0);
  expect(cli.stdout.text).toBe('red\nlogin: \n');
});

test('log --console without a device is the first line', async () => {
  const {hypervisor, cli} = makeGuest();
  hypervisor.addConsole('web').output('first\r\n');
  expect(await cli.run('log', '--console', 'web')).toBe(0);
  expect(cli.stdout.text).toBe('first\n');
});

test('log --follow goes on until Ctrl-C, without a failure', async () => {
  const {hypervisor, cli} = makeGuest();
  const line = hypervisor.addConsole('web');
  line.output('one\r\ntwo\r\nthr');
  const ended = cli.run('log', 'web', '--console', '--follow', '--lines', '1');
  await cli.stdout.shows('two\n');
  line.output('ee\r\nfour');
  await cli.stdout.shows('three\n');
  cli.signal('SIGINT');
  expect(await ended).toBe(0);
  expect(cli.stdout.text).toBe('two\nthree\n');
});

test.each([
  [['--timestamps'], '--timestamps needs --console'],
  [['--follow', '--boot', '-1'], '--follow and --boot -1 do not go together'],
  [['--follow', '--json'], '--follow and --json do not go together'],
  [['--boot', '2'], "option --boot: '2' is neither"],
  [['--since', 'yesterday'], "option --since: 'yesterday' is no time"],
])('log refuses %j', async (options, message) => {
  const {cli} = makeGuest();
  expect(await cli.run('log', 'web', ...options)).toBe(2);
  expect(cli.stderr.text).toContain(message);
});

describe('the lines of a log', () => {
  test('a span counts back from now, a time without a zone is local', () => {
    expect(parseSince('90s', 100_000)).toBe(10_000);
    expect(parseSince('2d', 0)).toBe(-172_800_000);
    expect(parseSince('2026-11-24', 0)).toBe(new Date(2026, 10, 24).getTime());
    expect(parseSince('2026-11-24 18:05', 0)).toBe(new Date(2026, 10, 24, 18, 5).getTime());
    expect(parseSince('2026-11-24T18:05:06Z', 0)).toBe(Date.UTC(2026, 10, 24, 18, 5, 6));
  });

  test('a log that begins in the middle of a run has no run before', () => {
    expect(linesOfBoot(['tail'], 0)).toEqual(['tail']);
    expect(linesOfBoot(['tail'], -1)).toEqual([]);
    expect(linesSince(LOG, Date.UTC(2027, 0))).toEqual([]);
  });
});
