import {once} from 'node:events';
import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

/** What Node says when the reader of a pipe is gone. */
function brokenPipe(): Error {
  return Object.assign(new Error('write EPIPE'), {code: 'EPIPE'});
}

test('ends quietly when nobody reads the output any more', async () => {
  const cli = new CliHarness({hypervisor: new FakeHypervisor({domains: [runningDomain('web', 1)]})});
  cli.stdout.fail(brokenPipe());
  const failed = once(cli.stdout, 'error');
  expect(await cli.run('list')).toBe(0);
  await failed;
  expect(cli.io.closed).toBe(true);
  expect(cli.stderr.text).toBe('');
});

test('a console ends when nobody reads its output any more', async () => {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  const console = hypervisor.addConsole('web');
  const cli = new CliHarness({hypervisor});
  const ended = cli.run('console', 'web');
  await cli.reads(cli.stdin);
  cli.stdout.fail(brokenPipe());
  console.output('more');
  expect(await ended).toBe(0);
  expect(hypervisor.closed).toBe(true);
});
