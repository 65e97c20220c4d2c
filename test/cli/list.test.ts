import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

const DOMAINS = [
  sampleDomain({name: 'Beta', uuid: '6695eb01-f6a4-8304-79aa-97f2502e1932', autostart: true}),
  sampleDomain({name: 'alpha-long-name', uuid: '6695eb01-f6a4-8304-79aa-97f2502e1931', title: 'My title'}),
  runningDomain('web', 12, {uuid: '6695eb01-f6a4-8304-79aa-97f2502e1934'}),
  runningDomain('übü日本', 3, {
    uuid: '6695eb01-f6a4-8304-79aa-97f2502e1933',
    state: {is: 'paused', reason: 'user'},
    persistent: false,
  }),
];

async function list(...options: readonly string[]): Promise<string> {
  const cli = new CliHarness({hypervisor: new FakeHypervisor({domains: DOMAINS})});
  expect(await cli.run('list', ...options)).toBe(0);
  expect(cli.stderr.text).toBe('');
  return cli.stdout.text;
}

// The layouts below are those that virsh of libvirt 9.0.0 printed for such domains of its test driver.

test('lists active domains by id', async () => {
  expect(await list()).toBe(
    [
      ' Id   Name      State',
      '-------------------------',
      ' 3    übü日本   paused',
      ' 12   web       running',
      '',
      '',
    ].join('\n'),
  );
});

test('lists all domains, the inactive ones after the others by name without regard to case', async () => {
  expect(await list('--all')).toBe(
    [
      ' Id   Name              State',
      '----------------------------------',
      ' 3    übü日本           paused',
      ' 12   web               running',
      ' -    alpha-long-name   shut off',
      ' -    Beta              shut off',
      '',
      '',
    ].join('\n'),
  );
});

test('shows titles as a fourth column', async () => {
  expect(await list('--inactive', '--title')).toBe(
    [
      ' Id   Name              State      Title',
      '---------------------------------------------',
      ' -    alpha-long-name   shut off   My title',
      ' -    Beta              shut off   ',
      '',
      '',
    ].join('\n'),
  );
});

test('prints the heading of an empty list', async () => {
  expect(await list('--inactive', '--transient')).toBe(' Id   Name   State\n--------------------\n\n');
});

test('prints names, UUIDs and ids without a table', async () => {
  expect(await list('--all', '--name')).toBe('übü日本\nweb\nalpha-long-name\nBeta\n\n');
  expect(await list('--name', '--uuid')).toBe(
    '6695eb01-f6a4-8304-79aa-97f2502e1933 übü日本\n6695eb01-f6a4-8304-79aa-97f2502e1934 web\n\n',
  );
  expect(await list('--id')).toBe('3\n12\n\n');
});

test('selects by state, persistence and autostart', async () => {
  expect(await list('--state-running', '--name')).toBe('web\n\n');
  expect(await list('--state-shutoff', '--name')).toBe('alpha-long-name\nBeta\n\n');
  expect(await list('--all', '--state-shutoff', '--state-paused', '--name')).toBe('übü日本\nalpha-long-name\nBeta\n\n');
  expect(await list('--transient', '--name')).toBe('übü日本\n\n');
  expect(await list('--all', '--autostart', '--name')).toBe('Beta\n\n');
});

test('prints no heading and no empty line when quiet', async () => {
  expect(await list('-q')).toBe(' 3    übü日本   paused\n 12   web       running\n');
});

test('prints every field as JSON, memory as a number and the id of a domain that is off as null', async () => {
  const domains: unknown = JSON.parse(await list('--inactive', '--json'));
  expect(domains).toEqual([
    expect.objectContaining({name: 'alpha-long-name', id: null, pid: null, state: 'shut off', reason: 'unknown'}),
    expect.objectContaining({name: 'Beta', memoryKiB: 16384, autostart: true, persistent: true, lastWords: []}),
  ]);
});

test('shows no control characters of outside text', async () => {
  const domain = runningDomain('x', 1, {title: 'a\x1b]0;owned\x07b'});
  const cli = new CliHarness({hypervisor: new FakeHypervisor({domains: [domain]})});
  await cli.run('list', '--title');
  expect(cli.stdout.text).not.toContain('\x1b');
});

test('refuses a table of names', async () => {
  const cli = new CliHarness({hypervisor: new FakeHypervisor()});
  expect(await cli.run('list', '--table', '--name')).toBe(2);
  expect(cli.stderr.text).toBe('error: Options --table and --name are mutually exclusive\n');
});

test('reads beside an owner and closes the connection', async () => {
  const hypervisor = new FakeHypervisor();
  const cli = new CliHarness({hypervisor});
  await cli.run('-c', 'qemu:///embed?root=guests', 'list');
  expect(cli.opened).toEqual(['qemu:///embed?root=/somewhere/guests reader']);
  expect(hypervisor.closed).toBe(true);
});
