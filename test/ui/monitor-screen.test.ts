import {afterEach, expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleSecurity} from '../support/samples.ts';
import {OpenScreen} from './screen-harness.ts';

let screen: OpenScreen | undefined;
afterEach(async () => {
  if (!screen) return;
  screen.type('\x03');
  await screen.ended;
  screen = undefined;
});

function open(hypervisor = guest()): OpenScreen {
  screen = new OpenScreen(hypervisor, {startCommand: 'monitor web'});
  return screen;
}

function guest(): FakeHypervisor {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  hypervisor.scriptLog('web', ['log of web']);
  hypervisor.scriptSecurity('web', sampleSecurity('web'));
  hypervisor.scriptStats('web', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 2048n, vcpus: 1});
  hypervisor.scriptMonitor('web', 'help', 'info [subcommand] -- show\r\neject device -- eject\r\n');
  hypervisor.scriptMonitor('web', 'help info', 'info block  -- b\r\ninfo block-jobs  -- j\r\ninfo cpus  -- c\r\n');
  return hypervisor;
}

test('Tab completes a command, and shows the words that it can be', async () => {
  const it = open();
  await it.see('(qemu)');
  it.type('inf\t');
  await it.see('(qemu) info ');
  it.type('b\t');
  await it.see('block  block-jobs');
  it.type('x');
  await it.seeNo('block  block-jobs');
});

test('Tab without a command goes to the next pane', async () => {
  const it = open();
  await it.see('Esc leaves');
  it.type('\t');
  await it.see('unfold/fold');
});

test('a line that begins with a brace is QMP, and its answer is laid out', async () => {
  const hypervisor = guest();
  hypervisor.scriptMonitor('web', '{"execute":"query-status"}', '{"return":{"running":true}}');
  const it = open(hypervisor);
  await it.see('(qemu)');
  it.type('{"execute":"query-status"}\r');
  await it.see('"running": true');
  expect(hypervisor.calls.find(call => call.method === 'domainMonitorCommand')?.args[2]).toEqual({
    format: 'qmp',
    by: 'person',
  });
});

test('Up takes commands of earlier runs of the program', async () => {
  const hypervisor = guest();
  hypervisor.histories.set('web', ['info older', 'info newer']);
  const it = open(hypervisor);
  await it.see('(qemu)');
  it.type('\x1b[A');
  await it.see('(qemu) info newer');
  it.type('\x1b[A');
  await it.see('(qemu) info older');
});

test('Ctrl-T shows events with their time, and no longer', async () => {
  const hypervisor = guest();
  const it = open(hypervisor);
  await it.see('(qemu)');
  it.type('\x14');
  await it.see('events shown');
  hypervisor.emitMonitor({domain: 'web', name: 'RTC_CHANGE', atMs: 1_700_000_000_123, data: '{"offset":0}'});
  await it.see('22:13:20.123 RTC_CHANGE {"offset":0}');
  it.type('\x14');
  await it.seeNo('events shown,');
});

test('a monitor that was used by hand shows in the detail', async () => {
  const hypervisor = guest();
  hypervisor.change('web', {taints: ['custom-monitor']});
  const it = open(hypervisor);
  await it.see('(qemu)');
  it.type('\x1b');
  await it.see('1 of 1');
  it.type('\r');
  await it.see(/Tainted +custom monitor control commands issued/);
});

test('/ finds lines of the output, n and N go on, and typing ends it', async () => {
  const hypervisor = guest();
  const lines = Array.from({length: 100}, (_, at) => (at % 40 === 5 ? `needle ${at}` : `line ${at}`));
  hypervisor.scriptMonitor('web', 'info cpus', lines.join('\r\n'));
  const it = open(hypervisor);
  await it.see('(qemu)');
  it.type('info cpus\r');
  await it.see('line 99');
  it.type('/NEEDLE\r');
  await it.see('needle 85');
  it.type('n');
  await it.see('needle 45');
  it.type('n');
  await it.see('needle 5');
  it.type('n');
  await it.see("no older line of the monitor has 'NEEDLE'");
  it.type('N');
  await it.see('needle 45');
  await it.see('n older, N newer');
  it.type('x/1');
  await it.see('(qemu) x/1');
  await it.see('line 99');
});
