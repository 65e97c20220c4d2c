import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Sampler} from '../../src/app/sampler.ts';
import type {DomainSummary} from '../../src/model/hypervisor.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {foreignDomain, runningDomain, sampleDomain, sampleSecurity} from '../support/samples.ts';
import {makeStore} from './make-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function running() {
  const domains = [runningDomain('web', 1)];
  const hypervisor = new FakeHypervisor({domains});
  hypervisor.scriptStats('web', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 1n, vcpus: 1});
  hypervisor.scriptSecurity('web', sampleSecurity('web'));
  hypervisor.scriptLog('web', ['one']);
  const store = makeStore(hypervisor, domains);
  return {hypervisor, store, sampler: new Sampler({store, hypervisor, now: Date.now})};
}

test('reads at once and then once a second what is needed, and makes a rate of it', async () => {
  const {hypervisor, store, sampler} = running();
  sampler.setNeeds(new Set(['stats']));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.get().usage.get('web')?.cpuRatio).toBeUndefined();
  hypervisor.scriptStats('web', {atMs: 2000, cpuTimeNs: 250_000_000n, rssKiB: 1n, vcpus: 1});
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.get().usage.get('web')?.cpuRatio).toBeCloseTo(0.25);
  expect(hypervisor.methods).toEqual(['domainStats', 'domainStats']);
  sampler.dispose();
});

test('stands still while nobody looks', async () => {
  const {hypervisor, sampler} = running();
  sampler.setNeeds(new Set());
  await vi.advanceTimersByTimeAsync(5000);
  expect(hypervisor.calls).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  sampler.dispose();
});

test('stands still while no guest runs', async () => {
  const domains = [sampleDomain({name: 'off'})];
  const hypervisor = new FakeHypervisor({domains});
  const sampler = new Sampler({store: makeStore(hypervisor, domains), hypervisor, now: Date.now});
  sampler.setNeeds(new Set(['stats']));
  await vi.advanceTimersByTimeAsync(5000);
  expect(vi.getTimerCount()).toBe(0);
  expect(hypervisor.methods).toEqual([]);
});

test('the next tick waits for a slow reading', async () => {
  const {hypervisor, sampler} = running();
  const release = hypervisor.hold('domainStats');
  sampler.setNeeds(new Set(['stats']));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hypervisor.methods).toEqual(['domainStats']);
  release();
  await vi.advanceTimersByTimeAsync(1000);
  expect(hypervisor.methods).toEqual(['domainStats', 'domainStats']);
  sampler.dispose();
});

test('a reading that fails does not end the sampling', async () => {
  const {hypervisor, store, sampler} = running();
  hypervisor.failNext('domainStats', new Error('gone'));
  hypervisor.failNext('domainSecurity', new Error('no such process'));
  sampler.setNeeds(new Set(['stats', 'security']));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.get().security.get('web')).toMatchObject({is: 'failed', why: 'no such process'});
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.get().security.get('web')).toMatchObject({is: 'read'});
  sampler.dispose();
});

test('reads the log of the selected domain', async () => {
  const {store, sampler} = running();
  sampler.setNeeds(new Set(['log']));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.get().logs.get('web')).toEqual(['one']);
  sampler.dispose();
});

test("takes a picture of the guest's screen every two seconds while it is in front, at once when asked", async () => {
  const {hypervisor, store, sampler} = running();
  hypervisor.scriptPicture('web', {width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3)});
  const show = (asked: number) =>
    store.update(state => ({...state, view: {...state.view, modals: [{is: 'display', domain: 'web', asked}]}}));
  const pictures = () => hypervisor.methods.filter(method => method === 'domainScreenshot').length;
  show(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(pictures()).toBe(0);
  sampler.setNeeds(new Set(['display']));
  await vi.advanceTimersByTimeAsync(5000);
  expect(pictures()).toBe(3);
  show(1);
  sampler.kick();
  await vi.advanceTimersByTimeAsync(0);
  expect(pictures()).toBe(4);
  expect(store.get().displays.get('web')).toMatchObject({is: 'read', asked: 1});
  sampler.setNeeds(new Set());
  await vi.advanceTimersByTimeAsync(5000);
  expect(pictures()).toBe(4);
  sampler.dispose();
});

test('a picture that a guest owes holds up neither the other readings nor the picture of another guest', async () => {
  const domains = [runningDomain('hangs', 1), runningDomain('web', 2)];
  const hypervisor = new FakeHypervisor({domains});
  for (const {name} of domains) hypervisor.scriptPicture(name, {width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3)});
  hypervisor.scriptStats('web', {atMs: 1000, cpuTimeNs: 0n, rssKiB: 1n, vcpus: 1});
  const store = makeStore(hypervisor, domains);
  const sampler = new Sampler({store, hypervisor, now: Date.now});
  const show = (domain: string) =>
    store.update(state => ({...state, view: {...state.view, modals: [{is: 'display', domain, asked: 0}]}}));
  const release = hypervisor.hold('domainScreenshot');
  show('hangs');
  sampler.setNeeds(new Set(['stats', 'display']));
  await vi.advanceTimersByTimeAsync(4000);
  expect(hypervisor.methods.filter(method => method === 'domainStats')).toHaveLength(5);
  expect(hypervisor.methods.filter(method => method === 'domainScreenshot')).toHaveLength(1);
  show('web');
  await vi.advanceTimersByTimeAsync(1000);
  expect(hypervisor.methods.filter(method => method === 'domainScreenshot')).toHaveLength(2);
  release();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.get().displays.get('hangs')).toMatchObject({is: 'read'});
  sampler.dispose();
});

test("looks for others' guests at once and then every five seconds, also while no guest runs", async () => {
  const hypervisor = new FakeHypervisor({abilities: {foreign: true}});
  const sampler = new Sampler({store: makeStore(hypervisor, []), hypervisor, now: Date.now});
  sampler.setNeeds(new Set(['foreign']));
  await vi.advanceTimersByTimeAsync(4_900);
  expect(hypervisor.methods).toEqual(['listForeignDomains']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(hypervisor.methods).toEqual(['listForeignDomains', 'listForeignDomains']);
  sampler.setNeeds(new Set());
  await vi.advanceTimersByTimeAsync(20_000);
  expect(hypervisor.methods).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
  sampler.dispose();
});

test("does not look for others' guests where that is no ability", async () => {
  const {hypervisor, sampler} = running();
  sampler.setNeeds(new Set(['foreign', 'stats']));
  await vi.advanceTimersByTimeAsync(6_000);
  expect(hypervisor.methods).not.toContain('listForeignDomains');
  sampler.dispose();
});

test('the guest of others that is selected is asked for its state over QMP, when it has run for a while', async () => {
  const domains = [foreignDomain('vm', 77, {protocol: 'qmp'})];
  const hypervisor = new FakeHypervisor({domains, abilities: {foreign: true}});
  const store = makeStore(hypervisor, domains);
  const sampler = new Sampler({store, hypervisor, now: Date.now});
  store.update(state => ({...state, view: {...state.view, selected: 'vm@77'}}));
  sampler.setNeeds(new Set(['foreign']));
  await vi.advanceTimersByTimeAsync(0);
  expect(hypervisor.calls).toEqual([{method: 'domainLookup', args: ['vm@77']}]);
  const isAsked = (changed: Partial<DomainSummary>) => {
    store.update(state => ({...state, domains: domains.map(domain => ({...domain, ...changed}))}));
    return vi.advanceTimersByTimeAsync(5_000).then(() => hypervisor.methods.at(-1) === 'domainLookup');
  };
  expect(await isAsked({})).toBe(true);
  expect(await isAsked({startedAtMs: Date.now()})).toBe(false);
  const [vm] = domains;
  if (vm?.foreign) expect(await isAsked({foreign: {...vm.foreign, protocol: 'hmp'}})).toBe(false);
  sampler.dispose();
});
