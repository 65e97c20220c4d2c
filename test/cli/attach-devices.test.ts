import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {CliHarness} from './cli-harness.ts';

const XML = "<disk><source file='/x.img'/><target dev='vdb'/></disk>";

function makeCli() {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  const sent = () => hypervisor.calls.find(call => /^domain(Attach|Detach)Device$/.test(call.method))?.args;
  return {cli: new CliHarness({hypervisor}), sent};
}

test.each([
  ['attach-device', [], ['web', XML, {}], 'Device attached successfully\n\n'],
  ['attach-device', ['--config'], ['web', XML, {affects: ['config']}], 'Device attached successfully\n\n'],
  [
    'detach-device',
    ['--persistent'],
    ['web', {xml: XML}, {affects: ['live', 'config']}],
    'Device detached successfully\n\n',
  ],
])('%s reads the XML of a file, %j', async (command, options, call, done) => {
  await withTempRoot(async root => {
    const file = root.join('disk.xml');
    await writeFile(file, XML);
    const {cli, sent} = makeCli();
    expect(await cli.run(command, 'web', file, ...options)).toBe(0);
    expect(sent()).toEqual(call);
    expect(cli.stdout.text).toBe(done);
  });
});

test('makes the XML of a disk from options, as virsh does', async () => {
  const {cli, sent} = makeCli();
  const options = ['--targetbus', 'usb', '--subdriver', 'qcow2', '--cache', 'none', '--mode', 'readonly'];
  expect(await cli.run('attach-disk', 'web', "/it's.img", 'sdb', ...options, '--serial', 's1', '--live')).toBe(0);
  expect(sent()?.[1]).toBe(`<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2' cache='none'/>
  <source file='/it&apos;s.img'/>
  <target dev='sdb' bus='usb'/>
  <serial>s1</serial>
  <readonly/>
</disk>
`);
  expect(sent()?.[2]).toEqual({affects: ['live']});
  expect(cli.stdout.text).toBe('Disk attached successfully\n\n');
});

test('takes a node of the kernel for a device, and prints what it would send', async () => {
  const {cli, sent} = makeCli();
  expect(await cli.run('attach-disk', 'web', '/dev/no-such', 'vdb', '--print-xml')).toBe(0);
  expect(cli.stdout.text).toContain("<disk type='block' device='disk'>\n  <source dev='/dev/no-such'/>");
  expect(sent()).toBeUndefined();
});

test('detaches a disk by its target', async () => {
  const {cli, sent} = makeCli();
  expect(await cli.run('detach-disk', 'web', 'vdb')).toBe(0);
  expect(sent()).toEqual(['web', {target: 'vdb'}, {}]);
  expect(cli.stdout.text).toBe('Disk detached successfully\n\n');
});

test.each([
  ['attach-disk', '/x.img'],
  ['attach-disk', '/x.img', 'vdb', '--mode', 'rw'],
  ['attach-disk', '/x.img', 'vdb', '--sourcetype', 'network'],
  ['detach-disk', 'vdb', '--current', '--live'],
  ['detach-disk', 'vdb', '--current', '--persistent'],
])('changes nothing for %j', async (command, ...words) => {
  const {cli, sent} = makeCli();
  expect(await cli.run(command, 'web', ...words)).toBe(2);
  expect(sent()).toBeUndefined();
});
