import {expect, test} from 'vitest';
import {closestTo, editDistance} from '../../src/base/closest.ts';
import {COMMANDS} from '../../src/cli/command-table.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {CliHarness} from './cli-harness.ts';

/** Exit status and what was said for a command line that must not reach a hypervisor. */
async function refuse(...argv: readonly string[]): Promise<string> {
  const cli = new CliHarness();
  expect(await cli.run(...argv)).toBe(2);
  expect(cli.stdout.text).toBe('');
  expect(cli.opened).toEqual([]);
  return cli.stderr.text;
}

test('suggests a command for one that is mistyped', async () => {
  expect(await refuse('lsit')).toBe("error: unknown command: 'lsit'\nhint: did you mean 'virtty list'?\n");
  expect(await refuse('shut', 'x')).toContain("did you mean 'virtty shutdown'?");
  expect(await refuse('frobnicate')).toBe(
    "error: unknown command: 'frobnicate'\nhint: run 'virtty help' to see the commands\n",
  );
});

test('names the option that a command does not have', async () => {
  expect(await refuse('list', '--al')).toBe(
    "error: command 'list' doesn't support option --al\nhint: did you mean '--all'?\n",
  );
  expect(await refuse('--frob')).toBe("error: unsupported option '--frob'\nhint: run 'virtty --help'\n");
});

test('names what is missing and what is too much', async () => {
  expect(await refuse('dominfo')).toBe(
    "error: command 'dominfo' requires <domain> option\nhint: run 'virtty help dominfo'\n",
  );
  expect(await refuse('list', 'extra')).toBe("error: unexpected data 'extra'\nhint: run 'virtty help list'\n");
  expect(await refuse('console', 'x', '--devname')).toBe('error: option --devname needs a value: <string>\n');
  expect(await refuse('list', '--all=yes')).toBe('error: option --all takes no value\n');
});

test('refuses JSON where there is no data', async () => {
  expect(await refuse('dumpxml', 'x', '--json')).toBe(
    "error: command 'dumpxml' has no --json\nhint: run 'virtty help dumpxml'\n",
  );
});

test('refuses a number that is none', async () => {
  expect(await refuse('log', 'x', '--lines', 'many')).toBe("error: option --lines: 'many' is not a number from 1 on\n");
});

test('prints the version', async () => {
  const cli = new CliHarness();
  expect(await cli.run('-V')).toBe(0);
  expect(await cli.run('version')).toBe(0);
  expect(await cli.run('version', '--json')).toBe(0);
  expect(cli.stdout.text).toBe('9.9.9\nvirtty 9.9.9\n{\n  "virtty": "9.9.9"\n}\n');
});

test('lists every command that is not hidden in the help', async () => {
  const cli = new CliHarness();
  expect(await cli.run('--help')).toBe(0);
  const listed = COMMANDS.filter(spec => cli.stdout.text.includes(`\n  ${spec.name} `));
  expect(listed.map(spec => spec.name)).toEqual(COMMANDS.filter(spec => !spec.hidden).map(spec => spec.name));
});

test('lays the help of a command out as virsh does', async () => {
  const cli = new CliHarness();
  expect(await cli.run('help', 'domstate')).toBe(0);
  expect(cli.stdout.text).toBe(
    [
      '  NAME',
      "    domstate - print a domain's state",
      '',
      '  SYNOPSIS',
      '    domstate <domain> [--reason]',
      '',
      '  OPTIONS',
      '    [--domain] <string>   name, id or UUID of the domain',
      '    --reason              also print the reason of the state',
      '    --json                print state, reason and last words as JSON',
      '',
      '',
    ].join('\n'),
  );
});

test('shows the help of a command that lacks its arguments', async () => {
  const cli = new CliHarness();
  expect(await cli.run('start', '--help')).toBe(0);
  expect(cli.stdout.text).toContain('start <domain> [--console]');
});

test('loads the code of every command in the table', async () => {
  for (const spec of COMMANDS.filter(({name}) => name !== 'screen')) {
    expect(typeof (await spec.load()).run, spec.name).toBe('function');
  }
});

test('takes the URI from the option, then the environment, then the session', async () => {
  const env = {VIRTTY_DEFAULT_URI: 'qemu:///system', LIBVIRT_DEFAULT_URI: 'qemu:///embed?root=/other'};
  const opened = async (environment: Record<string, string>, ...argv: readonly string[]) => {
    const cli = new CliHarness({hypervisor: new FakeHypervisor(), env: environment});
    await cli.run(...argv, 'uri');
    return cli.opened[0];
  };
  expect(await opened(env, '--connect=qemu:///embed?root=/mine')).toBe('qemu:///embed?root=/mine reader');
  expect(await opened(env)).toBe('qemu:///system reader');
  expect(await opened({LIBVIRT_DEFAULT_URI: env.LIBVIRT_DEFAULT_URI})).toBe('qemu:///embed?root=/other reader');
  expect(await opened({})).toBe('qemu:///session reader');
});

test('explains a URI that it cannot read', async () => {
  const cli = new CliHarness();
  expect(await cli.run('-c', 'xen:///system', 'list')).toBe(1);
  expect(cli.stderr.text).toMatch(/^error: cannot open 'xen:\/\/\/system': there is no driver 'xen' here\nhint: /);
});

test('counts swapped neighbours as one typing error', () => {
  expect(editDistance('lsit', 'list')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(closestTo('zzz', ['list', 'start'])).toBeUndefined();
});
