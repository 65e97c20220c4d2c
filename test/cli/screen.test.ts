import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {CliHarness} from './cli-harness.ts';

test.each([[[]], [['screen']]])('%j needs a terminal and says what works without one', async argv => {
  const cli = new CliHarness({hypervisor: new FakeHypervisor()});
  expect(await cli.run(...argv)).toBe(1);
  expect(cli.opened).toEqual([]);
  expect(cli.stderr.text).toBe(
    [
      'error: cannot open the screen: input and output must be a terminal',
      "hint: 'virtty list --all' lists the domains without one, 'virtty help' shows all commands",
      '',
    ].join('\n'),
  );
});
