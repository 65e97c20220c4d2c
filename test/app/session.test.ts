import {expect, test} from 'vitest';
import {initialState, keepSelection} from '../../src/app/app-state.ts';
import {runJob} from '../../src/app/jobs.ts';
import {applyEvent, openSession} from '../../src/app/session.ts';
import {Store} from '../../src/app/store.ts';
import {VirtError} from '../../src/base/virt-error.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';
import {makeStore} from './make-store.ts';

function fresh(hypervisor: FakeHypervisor) {
  const {instance, abilities} = hypervisor;
  return new Store(initialState({version: '0', instance, abilities, nowMs: 0}), flush => flush());
}

test('lists the domains in natural order and selects the first', async () => {
  const hypervisor = new FakeHypervisor({domains: ['web10', 'web2'].map(name => sampleDomain({name}))});
  const store = fresh(hypervisor);
  const session = openSession(hypervisor, store, () => 0);
  await session.listed;
  expect(store.get().domains.map(domain => domain.name)).toEqual(['web2', 'web10']);
  expect(store.get().view.selected).toBe('web2');
  session.dispose();
});

test('an event that comes before the listing is not lost', async () => {
  const hypervisor = new FakeHypervisor({domains: [sampleDomain({name: 'web'})]});
  const store = fresh(hypervisor);
  const release = hypervisor.hold('listDomains');
  const session = openSession(hypervisor, store, () => 0);
  hypervisor.change('web', {state: {is: 'running', reason: 'booted'}});
  release();
  await session.listed;
  expect(store.get().domains[0]?.state.is).toBe('running');
  session.dispose();
});

test('a capabilities call that fails is a message', async () => {
  const hypervisor = new FakeHypervisor();
  hypervisor.failNext('capabilities', new VirtError('SYSTEM_ERROR', 'QEMU', 'cannot read the host'));
  const store = fresh(hypervisor);
  await openSession(hypervisor, store, () => 0).listed;
  await new Promise(setImmediate);
  expect(store.get().messages.shown.map(message => message.text)).toEqual(['cannot read the host']);
});

test('the selection goes to the neighbour of a domain that was removed', () => {
  const domains = ['a', 'b', 'c'].map(name => sampleDomain({name}));
  const state = makeStore(new FakeHypervisor(), domains).get();
  const selected = keepSelection({...state, view: {...state.view, selected: 'b'}});
  expect(applyEvent(selected, {type: 'removed', name: 'b'}).view.selected).toBe('c');
});

test('a warning of a domain stays with it until it is removed', () => {
  const state = makeStore(new FakeHypervisor(), [sampleDomain({name: 'a'})]).get();
  const warned = applyEvent(state, {type: 'warning', domain: 'a', message: 'slow disk'});
  expect(warned.warnings.get('a')).toEqual(['slow disk']);
  expect(applyEvent(warned, {type: 'removed', name: 'a'}).warnings.size).toBe(0);
});

test('what was read from a process is forgotten when it ends', () => {
  const state = makeStore(new FakeHypervisor(), [runningDomain('a', 1)]).get();
  const read = {...state, security: new Map([['a', {is: 'failed', why: 'x', atMs: 0} as const]])};
  expect(applyEvent(read, {type: 'changed', domain: sampleDomain({name: 'a'})}).security.size).toBe(0);
});

test('a job is marked while it runs, and writes no state of its own', async () => {
  const domains = [sampleDomain({name: 'web'})];
  const hypervisor = new FakeHypervisor({domains});
  const store = makeStore(hypervisor, domains);
  const release = hypervisor.hold('domainCreate');
  const job = runJob(store, hypervisor, 'start', 'web', () => 0);
  expect(store.get().jobs.get('web')?.action).toBe('start');
  release();
  await job;
  expect(store.get().jobs.size).toBe(0);
  // No session listens here: without its event the state is as it was.
  expect(store.get().domains[0]?.state.is).toBe('shut off');
});

test('an action is refused with its reason, on a read-only connection too', async () => {
  const domains = [sampleDomain({name: 'web'})];
  const hypervisor = new FakeHypervisor({domains, instance: {readOnly: true, readOnlyReason: 'process 7 owns it'}});
  const store = makeStore(hypervisor, domains);
  await runJob(store, hypervisor, 'start', 'web', () => 0);
  expect(store.get().messages.shown[0]?.text).toContain('process 7 owns it');
  expect(hypervisor.calls).toEqual([]);
});
