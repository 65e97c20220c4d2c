import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function makeFake(): FakeHypervisor {
  return new FakeHypervisor({domains: [sampleDomain({name: 'off'}), runningDomain('web', 1)]});
}

const DONE = [
  ['start', 'off', 'domainCreate', "Domain 'off' started\n\n"],
  ['shutdown', 'web', 'domainShutdown', "Domain 'web' is being shutdown\n\n"],
  ['reboot', 'web', 'domainReboot', "Domain 'web' is being rebooted\n\n"],
  ['reset', 'web', 'domainReset', "Domain 'web' was reset\n\n"],
  ['destroy', 'web', 'domainDestroy', "Domain 'web' destroyed\n\n"],
  ['suspend', 'web', 'domainSuspend', "Domain 'web' suspended\n\n"],
  ['undefine', 'off', 'domainUndefine', "Domain 'off' has been undefined\n\n"],
] as const;

test.each(DONE)('%s says what virsh says', async (command, domain, method, said) => {
  const hypervisor = makeFake();
  const cli = new CliHarness({hypervisor});
  expect(await cli.run(command, domain)).toBe(0);
  expect(cli.stdout.text).toBe(said);
  expect(cli.stderr.text).toBe('');
  expect(cli.opened).toEqual(['qemu:///session owner']);
  expect(hypervisor.methods).toContain(method);
  expect(hypervisor.closed).toBe(true);
});

test('resumes a domain that is paused', async () => {
  const hypervisor = makeFake();
  hypervisor.change('web', {state: {is: 'paused', reason: 'user'}});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('resume', 'web')).toBe(0);
  expect(cli.stdout.text).toBe("Domain 'web' resumed\n\n");
});

test('takes the number of a running domain for its id', async () => {
  const hypervisor = makeFake();
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('destroy', '1')).toBe(0);
  expect(cli.stdout.text).toBe("Domain 'web' destroyed\n\n");
});

test('refuses what the state forbids without asking the hypervisor', async () => {
  const hypervisor = makeFake();
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('start', 'web')).toBe(1);
  expect(cli.stderr.text).toBe("error: cannot start: domain 'web' is running\n");
  expect(cli.stdout.text).toBe('');
  expect(hypervisor.methods).not.toContain('domainCreate');
  expect(hypervisor.closed).toBe(true);
});

test('names a domain that there is not', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run('start', 'nope')).toBe(1);
  expect(cli.stderr.text).toMatch(/^error: there is no domain 'nope'\nhint: .*virtty list --all/);
});

test('shows what the emulator said, made safe, and what to do', async () => {
  const hypervisor = makeFake();
  const error = new VirtError('OPERATION_FAILED', 'QEMU', "cannot start 'off': the emulator refused", {
    detail: ['qemu: \x1b[31mno such device\x1b[0m'],
    hint: 'look at virtty log off',
  });
  hypervisor.failNext('domainCreate', error);
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('start', 'off')).toBe(1);
  expect(cli.stderr.text).toBe(
    "error: cannot start 'off': the emulator refused\n  qemu: no such device\nhint: look at virtty log off\n",
  );
});

test('a failed start names the first file that its process does not reach', async () => {
  const hypervisor = makeFake();
  hypervisor.scriptAccess('off', {
    domain: 'off',
    actor: {uid: 107, gid: 107, user: 'qemu', group: 'qemu', powerlessRoot: false},
    findings: [
      {role: 'kernel', path: '/boot/vmlinuz', access: 'read', verdict: 'ok', steps: [], remedies: []},
      {role: 'disk', device: 'vda', path: '/root/a.img', access: 'write', verdict: 'refused', steps: [], remedies: []},
    ],
    notes: [],
  });
  hypervisor.failNext('domainCreate', new VirtError('INTERNAL_ERROR', 'QEMU', "cannot start domain 'off'"));
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('start', 'off')).toBe(1);
  expect(cli.stderr.text).toBe(
    "error: cannot start domain 'off'\n" +
      "hint: vda: /root/a.img is refused; 'virtty explain off' says why, and what would help\n",
  );
});

test('calls anything unexpected a bug, with the stack only for debugging', async () => {
  const fail = async (env: Record<string, string>) => {
    const hypervisor = makeFake();
    hypervisor.failNext('domainCreate', new Error('broken invariant'));
    const cli = new CliHarness({hypervisor, env});
    expect(await cli.run('start', 'off')).toBe(1);
    return cli.stderr.text;
  };
  expect(await fail({})).toBe(
    'error: internal error: broken invariant\nhint: this is a bug in virtty; set VIRTTY_DEBUG=1 to see where\n',
  );
  expect(await fail({VIRTTY_DEBUG: '1'})).toContain('domain-actions.test.ts');
});

test('keeps the first error when closing fails too', async () => {
  const hypervisor = makeFake();
  hypervisor.failNext('domainCreate', new VirtError('OPERATION_FAILED', 'QEMU', 'the first'));
  hypervisor.failNext('close', new Error('the second'));
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('start', 'off')).toBe(1);
  expect(cli.stderr.text).toBe('error: the first\n');
});

test('refuses to change anything on a read-only connection', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run('-r', 'destroy', 'web')).toBe(1);
  expect(cli.opened).toEqual([]);
  expect(cli.stderr.text).toBe(
    "error: cannot run 'destroy': the connection is read-only\nhint: leave out -r (--readonly)\n",
  );
});

test('prints the domain as it is afterwards as JSON, null when it is gone', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  await cli.run('start', 'off', '--json');
  expect(JSON.parse(cli.stdout.text)).toMatchObject({name: 'off', state: 'running', reason: 'booted', id: 2});
  const undefine = new CliHarness({hypervisor: makeFake()});
  await undefine.run('undefine', 'off', '--json');
  expect(undefine.stdout.text).toBe('null\n');
});

test('tells a person at a terminal what takes long, and removes the line', async () => {
  const hypervisor = makeFake();
  const release = hypervisor.hold('domainCreate');
  const cli = new CliHarness({hypervisor, terminal: true});
  const running = cli.run('start', 'off');
  expect(await cli.elapse()).toBe(1000);
  expect(cli.stderr.text).toBe("starting 'off' ...");
  release();
  expect(await running).toBe(0);
  expect(cli.stderr.text).toBe("starting 'off' ...\r\x1b[K");
});

test('says nothing about a long wait where nobody sits', async () => {
  const hypervisor = makeFake();
  const release = hypervisor.hold('domainCreate');
  const cli = new CliHarness({hypervisor});
  const running = cli.run('start', 'off');
  expect(await cli.elapse()).toBe(1000);
  release();
  await running;
  expect(cli.stderr.text).toBe('');
});

test('a dry run prints each step with its undo, as a reader, and starts nothing', async () => {
  const hypervisor = makeFake();
  hypervisor.scriptStartPlan({
    domain: 'off',
    steps: [
      {kind: 'make-run-dir', command: 'mkdir -m 0700 /run/x', undo: 'rm -rf /run/x'},
      {kind: 'write-file', command: "printf %s 'a\nb' > /run/x/f", undo: '# it goes with its directory'},
    ],
    confinement: [['seccomp', 'filter']],
    environment: {LC_ALL: 'C'},
    argv: ['/usr/bin/qemu', '-name', 'a\u001b[2Jb'],
    commandLine: "/usr/bin/qemu \\\n  -name 'a\u001b[2Jb'",
    monitor: ['set_password'],
    warnings: ['without <sound>: not supported yet'],
  });
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('start', 'off', '--dry-run')).toBe(0);
  expect(cli.stdout.text).toBe(`   1  mkdir -m 0700 /run/x
        undo: rm -rf /run/x
   2  printf %s 'a
      b' > /run/x/f
        undo: # it goes with its directory

seccomp:           filter

LC_ALL=C
/usr/bin/qemu \\
  -name 'ab'

over its monitor: set_password

warning: without <sound>: not supported yet

`);
  expect(cli.opened).toEqual(['qemu:///session reader']);
  expect(hypervisor.methods).not.toContain('domainCreate');
  const both = new CliHarness({hypervisor: makeFake()});
  expect(await both.run('start', 'off', '--dry-run', '--console')).toBe(2);
  expect(both.stderr.text).toContain('options --console and --dry-run are mutually exclusive');
});
