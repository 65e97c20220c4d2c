import {expect, test} from 'vitest';
import {DOMAIN_ACTIONS, refusalOf} from '../../src/app/actions.ts';
import {type AppState, visibleDomains} from '../../src/app/app-state.ts';
import {applyEvent} from '../../src/app/session.ts';
import {sanitiseUntrusted} from '../../src/base/sanitise.ts';
import type {DomainSummary} from '../../src/model/hypervisor.ts';
import {displayWidth} from '../../src/ui/text-width.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {detailRows} from '../../src/views/detail/rows.ts';
import {domainRows} from '../../src/views/domains/rows.ts';
import {monitorHindrance} from '../../src/views/monitor/rows.ts';
import {makeStore} from '../app/make-store.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {foreignDomain, runningDomain} from '../support/samples.ts';

const plain = makeTheme({NO_COLOR: '1', LANG: 'C.UTF-8'});
const MINE = runningDomain('zebra', 1);
const THEIRS = foreignDomain('a', 77, {runner: {is: 'proxmox', vmid: '100'}, user: 'root'});

function stateOf(...domains: DomainSummary[]): AppState {
  const empty: AppState = {...makeStore(new FakeHypervisor(), []).get(), listed: true};
  return domains.reduce<AppState>((state, domain) => applyEvent(state, {type: 'changed', domain}), empty);
}

test('guests of others stand below the own ones, under a heading, with who runs them', () => {
  const rows = domainRows(stateOf(THEIRS, MINE), {columns: 80, rows: 10}, plain);
  expect(rows.map(row => sanitiseUntrusted(row).trim().split(/ {2,}/)[0])).toEqual([
    'NAME',
    'zebra',
    'Started by others: 1',
    'a@77',
  ]);
  expect(rows[0]).toContain('RUN BY');
  expect(rows[3]).toContain('Proxmox 100');
  expect(new Set(rows.map(displayWidth))).toEqual(new Set([80]));
});

test('beside them the state of an own one is whole on a narrow screen, too', () => {
  const failed = {...MINE, id: -1, state: {is: 'shut off', reason: 'failed'}} as const;
  const rows = domainRows(stateOf(THEIRS, failed), {columns: 78, rows: 10}, plain);
  expect(rows[1]).toContain('shut off (failed)');
  expect(rows[0]).toContain('RUN BY');
});

test('without them there is neither heading nor column', () => {
  expect(domainRows(stateOf(MINE), {columns: 80, rows: 10}, plain).join()).not.toMatch(/RUN BY|others/);
});

test('the selected one is in view also where the list is longer than the pane', () => {
  const many = Array.from({length: 30}, (_, at) => foreignDomain(`g${at}`, 100 + at));
  const state = stateOf(MINE, ...many);
  const rows = domainRows({...state, view: {...state.view, selected: 'g29@129'}}, {columns: 80, rows: 6}, plain);
  expect(rows.at(-1)).toContain('g29@129');
});

test('the filter finds them by who runs them', () => {
  const state = stateOf(MINE, THEIRS);
  const names = (filter: string) => visibleDomains({...state, view: {...state.view, filter}}).map(({name}) => name);
  expect(names('proxmox')).toEqual(['a@77']);
});

test("one with the UUID of an own domain's stands beside it", () => {
  const {domains} = stateOf(MINE, {...THEIRS, uuid: MINE.uuid});
  expect(domains.map(({name}) => name)).toEqual(['zebra', 'a@77']);
});

test('every action but adopting is refused with whose it is', () => {
  for (const action of Object.values(DOMAIN_ACTIONS)) {
    const why = refusalOf(action, THEIRS);
    expect(why).toBe(action.id === 'adopt' ? undefined : 'adopt it first: Proxmox 100 runs it as root');
  }
  expect(refusalOf(DOMAIN_ACTIONS.adopt, MINE)).toContain("this instance's already");
});

test('adopting asks, and says what it will come to', () => {
  const ask = (domain: DomainSummary) => DOMAIN_ACTIONS.adopt.confirm?.(domain.name, domain);
  expect(ask(THEIRS)).toContain('manages it from now on');
  expect(ask(foreignDomain('b', 8, {monitor: 'its monitor is in use'}))).toContain(
    'Only its definition is made, since its monitor is in use.',
  );
});

test('its detail says who runs it, what can be attached to, and what its command line lacks', () => {
  const problems = [{severity: 'error', line: 0, column: 0, message: 'no \u001b[31msuch option'}] as const;
  const domain = foreignDomain('b', 8, {console: 'serial0 is in use', protocol: 'hmp', problems});
  const text = detailRows(stateOf(domain), 78, plain).join('\n');
  expect(text).toMatch(/Run by +by hand \(bash\), as ann/);
  expect(text).toMatch(/Monitor +free, text only \(HMP\)/);
  expect(text).toMatch(/Console +serial0 is in use/);
  expect(text).toContain('no such option');
  expect(text).not.toContain('Defined');
});

test('the monitor pane says why a monitor cannot be used', () => {
  expect(monitorHindrance(stateOf(THEIRS))).toBeUndefined();
  expect(monitorHindrance(stateOf(foreignDomain('b', 8, {monitor: 'its monitor is in use'})))).toBe(
    "'b@8' belongs to others, and its monitor is in use.",
  );
});
