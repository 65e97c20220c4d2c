import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function make(options: {readonly terminal?: boolean} = {}) {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  hypervisor.histories.set('web', ['info old']);
  hypervisor.scriptMonitor('web', 'info status', 'VM status: running\n');
  hypervisor.scriptMonitor('web', 'info old', 'old answer\n');
  hypervisor.scriptMonitor('web', '{"execute":"query-status"}', '{"return":{"running":true}}');
  hypervisor.scriptMonitor('web', 'nope', new VirtError('OPERATION_FAILED', 'QEMU', 'unknown command: nope'));
  hypervisor.scriptMonitor('web', 'help', 'info [subcommand] -- show\r\ninject-nmi  -- inject\r\n');
  hypervisor.scriptMonitor('web', 'help info', 'info status  -- show\r\n');
  return {hypervisor, cli: new CliHarness({hypervisor, ...options})};
}

test('runs the lines of an input that is no terminal, and says that one failed', async () => {
  const {hypervisor, cli} = make();
  cli.stdin.end('info status\n\nnope\n{"execute":"query-status"}\n');
  expect(await cli.run('monitor', 'web')).toBe(1);
  expect(cli.stdout.text).toBe('VM status: running\n{"return":{"running":true}}\n');
  expect(cli.stderr.text).toBe(
    "error: unknown command: nope\nerror: 1 of 3 commands failed in the monitor of domain 'web'\n",
  );
  const formats = hypervisor.calls.filter(call => call.method === 'domainMonitorCommand').map(call => call.args[2]);
  expect(formats).toEqual([
    {format: 'hmp', by: 'person'},
    {format: 'hmp', by: 'person'},
    {format: 'qmp', by: 'person'},
  ]);
});

test('at a terminal takes lines with a prompt, lays QMP out, and leaves at Ctrl-D', async () => {
  const {cli} = make({terminal: true});
  const status = cli.run('monitor', 'web');
  await cli.stdout.shows('(qemu) ');
  cli.stdin.write('{"execute":"query-status"}\r');
  await cli.stdout.shows('"running": true');
  cli.stdin.write('\x04');
  expect(await status).toBe(0);
});

test('at a terminal completes by Tab and recalls what was typed before', async () => {
  const {cli} = make({terminal: true});
  const status = cli.run('monitor', 'web');
  await cli.stdout.shows('(qemu) ');
  cli.stdin.write('info st\t');
  await cli.stdout.shows('status');
  cli.stdin.write('\r');
  await cli.stdout.shows('VM status: running');
  cli.stdin.write('\x1b[A\x1b[A\r');
  await cli.stdout.shows('old answer');
  cli.stdin.write('\x04');
  expect(await status).toBe(0);
});

test("at a terminal does not pass the first 'quit' on", async () => {
  const {hypervisor, cli} = make({terminal: true});
  hypervisor.scriptMonitor('web', 'quit', '');
  const status = cli.run('monitor', 'web');
  await cli.stdout.shows('(qemu) ');
  cli.stdin.write('quit\r');
  await cli.stderr.shows("'quit' ends the guest");
  expect(hypervisor.calls.some(call => call.method === 'domainMonitorCommand')).toBe(false);
  cli.stdin.write('quit\r');
  cli.stdin.write('\x04');
  expect(await status).toBe(0);
  expect(hypervisor.calls.some(call => call.method === 'domainMonitorCommand')).toBe(true);
});

test('works beside an owner with --readonly', async () => {
  const {cli} = make();
  cli.stdin.end('info status\n');
  expect(await cli.run('-r', 'monitor', 'web')).toBe(0);
  expect(cli.opened).toEqual(['qemu:///session reader']);
});
