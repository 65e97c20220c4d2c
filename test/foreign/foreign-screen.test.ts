import {afterEach, expect, test} from 'vitest';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {foreignDomain, runningDomain, sampleSecurity} from '../support/samples.ts';
import {OpenScreen} from '../ui/screen-harness.ts';

const THEIRS = foreignDomain('vm', 77, {runner: {is: 'quickemu'}});
const MINE = runningDomain('web', 1);

let opened: OpenScreen | undefined;
afterEach(async () => {
  opened?.type('\u001d\u001b');
  await opened?.quit();
  opened = undefined;
});

/** The screen with one guest of others, which is found a moment after the first frame, as on a real host. */
function open(): {readonly it: OpenScreen; readonly hypervisor: FakeHypervisor} {
  const hypervisor = new FakeHypervisor({domains: [MINE], abilities: {foreign: true}});
  for (const [name, pid] of [
    [MINE.name, 4001],
    [THEIRS.name, 77],
    ['vm', 77],
  ] as const) {
    hypervisor.scriptStats(name, {atMs: 1000, cpuTimeNs: 0n, rssKiB: BigInt(pid), vcpus: 1});
    hypervisor.scriptSecurity(name, sampleSecurity(name));
    hypervisor.scriptLog(name, []);
  }
  opened = new OpenScreen(hypervisor);
  return {it: opened, hypervisor};
}

test('the console of a guest of others is attached to when that is asked for, and let go when it is not shown', async () => {
  const {it, hypervisor} = open();
  await it.see('web');
  hypervisor.emit({type: 'changed', domain: THEIRS});
  await it.see('Started by others: 1');
  await it.see('quickemu');
  const line = hypervisor.addConsole(THEIRS.name);
  it.type('j');
  it.type('3');
  await it.see('has room for one');
  expect(line.viewers).toBe(0);
  it.type('c');
  await it.see('TYPING');
  line.output('login: ');
  await it.see('login:');
  expect(line.viewers).toBe(1);
  it.type('\u001d');
  await it.seeNo('TYPING');
  it.type('1');
  await it.see('RUN BY');
  expect(line.viewers).toBe(0);
});

test('adopting asks first, and the selection goes on with what it has become', async () => {
  const {it, hypervisor} = open();
  await it.see('web');
  hypervisor.emit({type: 'changed', domain: THEIRS});
  await it.see('vm@77');
  hypervisor.scriptAdoption(THEIRS.name, {name: 'vm', uuid: 'b0000000-0000-4000-8000-000000000000', lacks: []});
  it.type('j');
  it.type(':adopt\r');
  await it.see("Adopt 'vm@77'?");
  await it.see('quickemu runs it as ann');
  expect(hypervisor.methods).not.toContain('domainAdopt');
  it.type('y');
  await it.seeNo('Started by others');
  await it.see("'vm@77' has become a domain of this instance");
  it.type('2');
  await it.see('Detail  vm');
});

test('what cannot be done to it says why', async () => {
  const {it, hypervisor} = open();
  await it.see('web');
  hypervisor.emit({type: 'changed', domain: THEIRS});
  await it.see('vm@77');
  it.type('j');
  it.type('K');
  await it.see('adopt it first: quickemu runs it as ann');
  expect(hypervisor.methods).not.toContain('domainDestroy');
});
