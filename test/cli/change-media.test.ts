import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function makeCli() {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  const sent = () => hypervisor.calls.find(call => call.method === 'domainChangeMedia')?.args;
  return {cli: new CliHarness({hypervisor}), sent};
}

test.each([
  [['hdc', '--eject'], ['hdc', {does: 'eject'}, {force: false}], 'ejected'],
  [['hdc'], ['hdc', {does: 'eject'}, {force: false}], 'ejected'],
  [['hdc', '/x.iso'], ['hdc', {does: 'update', source: '/x.iso'}, {force: false}], 'updated'],
  [['/y.iso', '/x.iso', '--force'], ['/y.iso', {does: 'update', source: '/x.iso'}, {force: true}], 'updated'],
  [
    ['hdc', '/x.iso', '--insert', '--live', '--config'],
    ['hdc', {does: 'insert', source: '/x.iso'}, {force: false, affects: ['live', 'config']}],
    'inserted',
  ],
])('changes a medium for %j as virsh does', async (words, call, done) => {
  const {cli, sent} = makeCli();
  expect(await cli.run('change-media', 'web', ...words)).toBe(0);
  expect(sent()).toEqual(['web', ...call]);
  expect(cli.stdout.text).toBe(`Successfully ${done} media.\n\n`);
});

test.each([
  ['hdc', '/x.iso', '--eject'],
  ['hdc', '--insert'],
  ['hdc', '--insert', '--update', '/x.iso'],
  ['hdc', '/x.iso', '--current', '--live'],
  [],
])('changes nothing for %j', async (...words) => {
  const {cli, sent} = makeCli();
  expect(await cli.run('change-media', 'web', ...words)).toBe(2);
  expect(sent()).toBeUndefined();
});
