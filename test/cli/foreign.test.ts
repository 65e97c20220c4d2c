import {expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {foreignDomain, runningDomain} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

function makeFake(): FakeHypervisor {
  return new FakeHypervisor({
    domains: [runningDomain('web', 1), foreignDomain('vm\u001b[31m', 77, {runner: {is: 'proxmox', vmid: '100'}})],
    abilities: {foreign: true},
  });
}

test('list --foreign has a table of its own for guests that others started', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run('list', '--foreign')).toBe(0);
  expect(cli.stdout.text).toBe(
    [
      ' Id   Name   State',
      '----------------------',
      ' 1    web    running',
      '',
      ' Pid   Name    State     User   Run by',
      '---------------------------------------------',
      ' 77    vm@77   running   ann    Proxmox 100',
      '',
      '',
    ].join('\n'),
  );
});

test('list does not look for them unasked, and lists names alone where that is asked', async () => {
  const hypervisor = makeFake();
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('list')).toBe(0);
  expect(hypervisor.methods).not.toContain('listForeignDomains');
  const names = new CliHarness({hypervisor: makeFake()});
  await names.run('list', '--foreign', '--name');
  expect(names.stdout.text).toBe('web\nvm@77\n\n');
});

test('what would change one is refused before anything is asked of the driver', async () => {
  const hypervisor = new FakeHypervisor({domains: [foreignDomain('vm', 77)]});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('destroy', 'vm@77')).toBe(1);
  expect(cli.stderr.text).toContain('cannot destroy: adopt it first: ann started it by hand (bash)');
  expect(hypervisor.methods).not.toContain('domainDestroy');
});

test('adopt says what came of it, and what is lacking', async () => {
  const hypervisor = new FakeHypervisor({domains: [foreignDomain('vm', 77)]});
  hypervisor.scriptAdoption('vm@77', {name: 'vm', uuid: 'u', lacks: ['serial0 has no log']});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('adopt', 'vm@77', '--name', 'vm')).toBe(0);
  expect(cli.stdout.text).toBe("Domain 'vm' adopted from process 77\nserial0 has no log\n\n");
  expect(hypervisor.calls).toContainEqual({method: 'domainAdopt', args: ['vm@77', {name: 'vm'}]});
});

test('adopt says where only the definition was made', async () => {
  const hypervisor = new FakeHypervisor({domains: [foreignDomain('vm', 77)]});
  hypervisor.scriptAdoption('vm@77', {name: 'vm', uuid: 'u', notTakenOver: 'its monitor is in use', lacks: []});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('adopt', 'vm@77')).toBe(0);
  expect(cli.stdout.text).toContain("Domain 'vm' defined; process 77 was not taken over: its monitor is in use");
});
