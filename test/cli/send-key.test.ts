import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function makeCli(): {readonly cli: CliHarness; readonly sent: () => readonly unknown[] | undefined} {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  const sent = () => hypervisor.calls.find(call => call.method === 'domainSendKeys')?.args;
  return {cli: new CliHarness({hypervisor}), sent};
}

test("presses keys together, named as Linux or QEMU names them, with virsh's options", async () => {
  const {cli, sent} = makeCli();
  expect(
    await cli.run('send-key', 'web', '--codeset', 'linux', '--holdtime', '50', 'KEY_LEFTCTRL', 'alt', '0x6f'),
  ).toBe(0);
  expect(sent()).toEqual(['web', [['ctrl', 'alt', 'delete']], {holdTimeMs: 50}]);
  expect(cli.opened).toEqual(['qemu:///session owner']);
});

test('types a text before the keys', async () => {
  const {cli, sent} = makeCli();
  expect(await cli.run('send-key', 'web', '--text', 'Hi', 'KEY_ENTER')).toBe(0);
  expect(sent()).toEqual(['web', [['shift', 'h'], ['i'], ['ret']], {}]);
});

test.each([
  [2, ['web']],
  [2, ['web', '--codeset', 'klingon', '1']],
  [2, ['web', '--holdtime', '0', '1']],
  [2, ['web', ...Array.from({length: 17}, () => 'a')]],
  [1, ['web', 'KEY_NOPE']],
  [1, ['web', '--text', 'ü']],
])('ends with %i, and presses nothing, for %j', async (status, words) => {
  const {cli, sent} = makeCli();
  expect(await cli.run('send-key', ...words)).toBe(status);
  expect(sent()).toBeUndefined();
});
