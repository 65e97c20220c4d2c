import {expect, test} from 'vitest';
import {indentJson} from '../../src/base/indent-json.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function makeCli(): {readonly hypervisor: FakeHypervisor; readonly cli: CliHarness} {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  return {hypervisor, cli: new CliHarness({hypervisor})};
}

test('joins the words of an HMP command and keeps its dashes', async () => {
  const {hypervisor, cli} = makeCli();
  hypervisor.scriptMonitor('web', 'drive_del -x disk0', 'VM status: running\r\n');
  expect(await cli.run('qemu-monitor-command', 'web', '--hmp', 'drive_del', '-x', 'disk0')).toBe(0);
  expect(cli.stdout.text).toBe('VM status: running\n\n');
  expect(hypervisor.calls.at(-2)?.args).toEqual(['web', 'drive_del -x disk0', {format: 'hmp'}]);
});

test('reads its own options before and after the command', async () => {
  const {hypervisor, cli} = makeCli();
  hypervisor.scriptMonitor('web', 'info status', 'ok');
  expect(await cli.run('qemu-monitor-command', '--hmp', 'web', 'info', 'status', '--json')).toBe(0);
  expect(JSON.parse(cli.stdout.text)).toEqual({output: 'ok'});
});

test('passes everything on after two dashes', async () => {
  const {hypervisor, cli} = makeCli();
  hypervisor.scriptMonitor('web', 'x --hmp', 'ok');
  expect(await cli.run('qemu-monitor-command', 'web', '--hmp', '--', 'x', '--hmp')).toBe(0);
});

const ANSWER = '{"return": {"n": 18446744073709551615, "s": "a,b{", "e": [], "l": [1, -2.5e3]}}';

test('prints a QMP answer as it came', async () => {
  const {hypervisor, cli} = makeCli();
  hypervisor.scriptMonitor('web', 'query-x', `${ANSWER}\n`);
  expect(await cli.run('qemu-monitor-command', 'web', 'query-x')).toBe(0);
  expect(cli.stdout.text).toBe(`${ANSWER}\n\n`);
});

test('lays a QMP answer out with its exact numbers', () => {
  expect(indentJson(ANSWER)).toBe(
    [
      '{',
      '  "return": {',
      '    "n": 18446744073709551615,',
      '    "s": "a,b{",',
      '    "e": [],',
      '    "l": [',
      '      1,',
      '      -2.5e3',
      '    ]',
      '  }',
      '}',
    ].join('\n'),
  );
});

test("shows QEMU's own words for a command that failed", async () => {
  const {hypervisor, cli} = makeCli();
  hypervisor.scriptMonitor(
    'web',
    'nope',
    new VirtError('OPERATION_FAILED', 'QEMU', 'The command nope has not been found'),
  );
  expect(await cli.run('qemu-monitor-command', 'web', 'nope')).toBe(1);
  expect(cli.stderr.text).toBe('error: The command nope has not been found\n');
});

test('needs a command', async () => {
  const {cli} = makeCli();
  expect(await cli.run('qemu-monitor-command', 'web')).toBe(2);
});

test('lays out what is no object', () => {
  expect(indentJson('"a\\"b"')).toBe('"a\\"b"');
  expect(indentJson('{}')).toBe('{}');
});
