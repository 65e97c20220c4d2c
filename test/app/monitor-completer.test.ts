import {expect, test} from 'vitest';
import {MonitorCompleter} from '../../src/app/monitor-completer.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain} from '../support/samples.ts';

function make() {
  const hypervisor = new FakeHypervisor({domains: [runningDomain('web', 1)]});
  hypervisor.scriptMonitor('web', 'help', 'eject [-f] device -- eject\r\ninfo [subcommand] -- show\r\n');
  hypervisor.scriptMonitor('web', 'help info', 'info block -- show\r\n');
  return {hypervisor, completer: new MonitorCompleter(hypervisor)};
}

test('asks for the words of an emulator once', async () => {
  const {hypervisor, completer} = make();
  expect(await completer.complete('web', 'e')).toMatchObject({head: '', offers: ['eject']});
  expect(await completer.complete('web', 'info ')).toMatchObject({head: 'info ', offers: ['block']});
  const commands = hypervisor.calls.filter(call => call.method === 'domainMonitorCommand');
  expect(commands.map(call => call.args[1])).toEqual(['help', 'help info']);
  expect(commands[0]?.args[2]).toEqual({format: 'hmp', by: 'program'});
});

test('offers drives by name, and those without one by their device', async () => {
  const {hypervisor, completer} = make();
  hypervisor.scriptMonitor(
    'web',
    'query-block',
    '{"return":[{"device":"","qdev":"ide0-0-0"},{"device":"floppy0"},{"device":"","qdev":""}]}',
  );
  expect((await completer.complete('web', 'eject ')).offers).toEqual(['floppy0', 'ide0-0-0']);
});

test('offers nothing while the monitor cannot be asked, and asks again', async () => {
  const {hypervisor, completer} = make();
  hypervisor.failNext('domainMonitorCommand', new VirtError('RESOURCE_BUSY', 'QEMU', 'in use'));
  expect((await completer.complete('web', 'e')).offers).toEqual([]);
  expect((await completer.complete('web', 'e')).offers).toEqual(['eject']);
});

test('asks an emulator without a schema for its commands', async () => {
  const {hypervisor, completer} = make();
  hypervisor.scriptMonitor('web', 'query-qmp-schema', new VirtError('OPERATION_FAILED', 'QEMU', 'not found'));
  hypervisor.scriptMonitor('web', 'query-commands', '{"return":[{"name":"stop"},{"name":"system_reset"}]}');
  expect((await completer.complete('web', '{"execute":"s')).offers).toEqual(['stop', 'system_reset']);
});
