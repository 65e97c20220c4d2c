import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {RESET_TERMINAL} from '../../src/cli/console/terminal-guard.ts';
import {bytesOf, type FakeConsole} from '../support/fake-console.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

interface Guest {
  readonly hypervisor: FakeHypervisor;
  readonly console: FakeConsole;
}

function makeGuest(): Guest {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1), sampleDomain({name: 'off'})]});
  return {hypervisor, console: hypervisor.addConsole('web')};
}

test('shows the history, then what comes, and leaves with Ctrl-]', async () => {
  const guest = makeGuest();
  guest.console.output('earlier ');
  const cli = new CliHarness({hypervisor: guest.hypervisor, terminal: true});
  const ended = cli.run('console', 'web');
  await cli.stdout.shows('earlier ');
  expect(cli.stdin.raw).toBe(true);
  cli.stdin.write('ls\r');
  await cli.stdout.shows('earlier ls\r');
  cli.stdin.write('x\x1dnot typed');
  expect(await ended).toBe(0);
  expect(guest.console.typed).toBe('ls\rx');
  expect(cli.stderr.text).toBe("Connected to domain 'web'\nEscape character is ^] (Ctrl + ])\n");
  expect(cli.stdin.raw).toBe(false);
  expect(cli.stdout.text.endsWith(`${RESET_TERMINAL}\r\n`)).toBe(true);
  expect(guest.hypervisor.closed).toBe(true);
});

test('leaves with the key that was chosen', async () => {
  const guest = makeGuest();
  const cli = new CliHarness({hypervisor: guest.hypervisor, terminal: true});
  const ended = cli.run('console', 'web', '--escape', '^x');
  cli.stdin.write('a\x1db\x18');
  expect(await ended).toBe(0);
  expect(guest.console.typed).toBe('a\x1db');
  expect(cli.stderr.text).toContain('Escape character is ^X (Ctrl + X)\n');
});

test('refuses a key that is none', async () => {
  const cli = new CliHarness();
  expect(await cli.run('console', 'web', '--escape', 'F12')).toBe(2);
  expect(cli.stderr.text).toContain("option --escape: 'F12' is no key");
});

test('ends with a line when the guest goes off, after its last words', async () => {
  const guest = makeGuest();
  const cli = new CliHarness({hypervisor: guest.hypervisor});
  guest.console.output('Power down.\r\n');
  const ended = cli.run('console', 'web');
  await cli.stdout.shows('Power down.\r\n');
  guest.hypervisor.change('web', {state: {is: 'shut off', reason: 'shutdown'}});
  expect(await ended).toBe(0);
  expect(cli.stderr.text).toContain("Domain 'web' went off: the console is closed\n");
});

test('takes questions to the terminal out of the history, and only there', async () => {
  const guest = makeGuest();
  guest.console.output('a\x1b[6nb\x1b[c\x1b[31mc');
  const cli = new CliHarness({hypervisor: guest.hypervisor});
  const ended = cli.run('console', 'web');
  await cli.stdout.shows('ab\x1b[31mc');
  guest.console.output('\x1b[6nd');
  await cli.stdout.shows('ab\x1b[31mc\x1b[6nd');
  cli.stdin.write('\x1d');
  expect(await ended).toBe(0);
});

test('sends a pipe and ends when the guest has been silent after it', async () => {
  const guest = makeGuest();
  const cli = new CliHarness({hypervisor: guest.hypervisor});
  const ended = cli.run('-q', 'console', 'web');
  cli.stdin.end('uname\n');
  expect(await cli.elapse()).toBe(1000);
  expect(await ended).toBe(0);
  expect(guest.console.typed).toBe('uname\n');
  expect(cli.stdout.text).toBe('uname\n');
  expect(cli.stderr.text).toBe('');
});

test('pauses a flood that the terminal does not take, and can still be left', async () => {
  const guest = makeGuest();
  const cli = new CliHarness({hypervisor: guest.hypervisor, terminal: true});
  const ended = cli.run('console', 'web');
  cli.stdout.stall();
  await cli.reads(cli.stdin);
  for (let index = 0; index < 100; index++) guest.console.output(new Uint8Array(64 * 1024));
  expect(cli.stdout.writableLength).toBeLessThan(256 * 1024);
  cli.stdin.write('\x1d');
  expect(await ended).toBe(0);
});

test('goes on where it stopped when the terminal takes output again', async () => {
  const guest = makeGuest();
  const cli = new CliHarness({hypervisor: guest.hypervisor, terminal: true});
  const ended = cli.run('console', 'web');
  cli.stdout.stall();
  await cli.reads(cli.stdin);
  for (let index = 0; index < 10; index++) guest.console.output('x'.repeat(20_000));
  guest.console.output('end of flood');
  cli.stdout.unstall();
  await cli.stdout.shows('end of flood');
  expect(cli.stdout.text.match(/x/g)?.length).toBe(200_000);
  cli.stdin.write('\x1d');
  expect(await ended).toBe(0);
});

test('puts the terminal right when a signal ends it', async () => {
  const guest = makeGuest();
  const cli = new CliHarness({hypervisor: guest.hypervisor, terminal: true});
  const ended = cli.run('console', 'web');
  await cli.reads(cli.stdin);
  cli.signal('SIGTERM');
  expect(await ended).toBe(1);
  expect(cli.stdin.raw).toBe(false);
  expect(cli.stdout.text).toContain(RESET_TERMINAL);
  expect(cli.stderr.text).toContain("error: the console of 'web' was closed by SIGTERM\n");
});

test('fails when the guest does not take what is sent to it', async () => {
  const guest = makeGuest();
  guest.console.refuse(new VirtError('OPERATION_FAILED', 'QEMU', 'the guest does not read'));
  const cli = new CliHarness({hypervisor: guest.hypervisor, terminal: true});
  const ended = cli.run('console', 'web');
  cli.stdin.write('x');
  expect(await ended).toBe(1);
  expect(cli.stderr.text).toContain('error: the guest does not read\n');
  expect(cli.stdin.raw).toBe(false);
});

test('refuses a guest that is off and says how to start it', async () => {
  const {hypervisor} = makeGuest();
  hypervisor.addConsole('off');
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('console', 'off')).toBe(1);
  expect(cli.stderr.text).toMatch(/^error: cannot connect to domain 'off': it is not running\nhint: virtty start off/);
});

test('start --console goes on in the console', async () => {
  const {hypervisor} = makeGuest();
  const console = hypervisor.addConsole('off');
  const cli = new CliHarness({hypervisor});
  const ended = cli.run('start', 'off', '--console');
  await cli.reads(cli.stdin);
  console.output(bytesOf('booting'));
  await cli.stdout.shows('booting');
  cli.stdin.write('\x1d');
  expect(await ended).toBe(0);
  expect(cli.stdout.text).toContain("Domain 'off' started\n");
});
