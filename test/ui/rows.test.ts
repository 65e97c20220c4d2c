import {expect, test} from 'vitest';
import type {AppState} from '../../src/app/app-state.ts';
import type {DomainState} from '../../src/model/domain-state.ts';
import type {DomainSummary} from '../../src/model/hypervisor.ts';
import {capabilityWords} from '../../src/model/process-capabilities.ts';
import {sparkline} from '../../src/ui/sparkline.ts';
import {displayWidth} from '../../src/ui/text-width.ts';
import {colourDepth, hasUtf8, makeTheme} from '../../src/ui/theme.ts';
import {completeCommandLine, parseCommandLine, typedPath} from '../../src/views/command-line.ts';
import {detailRows} from '../../src/views/detail/rows.ts';
import {domainRows} from '../../src/views/domains/rows.ts';
import {computeLayout} from '../../src/views/layout.ts';
import {makeStore} from '../app/make-store.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {runningDomain, sampleDomain} from '../support/samples.ts';

const plain = makeTheme({NO_COLOR: '1', LANG: 'C.UTF-8'});

function stateOf(...domains: DomainSummary[]): AppState {
  return makeStore(new FakeHypervisor(), domains).get();
}

test.each<[DomainState, string]>([
  [{is: 'running', reason: 'booted'}, '● running '],
  [{is: 'running', reason: 'crashed'}, '● running (crashed)'],
  [{is: 'paused', reason: 'user'}, '◐ paused '],
  [{is: 'paused', reason: 'I/O error'}, '◐ paused (I/O error)'],
  [{is: 'shut off', reason: 'shutdown'}, '○ shut off (shutdown)'],
  [{is: 'shut off', reason: 'failed'}, '✗ shut off (failed)'],
  [{is: 'crashed', reason: 'panicked'}, '✗ crashed (panicked)'],
])('%j reads %s', (state, text) => {
  expect(domainRows(stateOf(sampleDomain({name: 'a', state})), {columns: 80, rows: 10}, plain)[1]).toContain(text);
});

test('every row of the list is exactly as wide as the pane', () => {
  const state = stateOf(sampleDomain({name: '東京'.repeat(30)}), runningDomain('späti', 1, {title: 'x'.repeat(99)}));
  for (const columns of [60, 78, 80, 118, 200]) {
    const rows = domainRows(state, {columns, rows: 10}, plain);
    expect(rows.map(displayWidth)).toEqual(rows.map(() => columns));
  }
});

test('a job shows instead of the state, after a second with its time', () => {
  const state = stateOf(sampleDomain({name: 'a'}));
  const jobs = new Map([['a', {action: 'start', startedAtMs: 0} as const]]);
  expect(domainRows({...state, jobs, nowMs: 500}, {columns: 80, rows: 9}, plain)[1]).toContain('starting…');
  expect(domainRows({...state, jobs, nowMs: 3100}, {columns: 80, rows: 9}, plain)[1]).toContain('starting 3s');
});

test('the selected domain is in view in a long list', () => {
  const domains = Array.from({length: 100}, (_, at) => sampleDomain({name: `guest${at}`}));
  const state = stateOf(...domains);
  const rows = domainRows({...state, view: {...state.view, selected: 'guest70'}}, {columns: 80, rows: 11}, plain);
  expect(rows.some(row => row.includes('guest70'))).toBe(true);
  expect(rows).toHaveLength(11);
});

test('an empty list says what to do', () => {
  expect(domainRows(stateOf(), {columns: 80, rows: 10}, plain).join('\n')).toContain('define FILE');
});

test.each([
  [true, 'whether the guest runs is asked every 2 s'],
  [false, 'the state is what was done from here'],
])('the detail says what a text monitor does not tell', (tellsState, words) => {
  const state = stateOf({...runningDomain('a', 1), textMonitor: {tellsState}});
  expect(detailRows(state, 200, plain).join('\n')).toContain(`Monitor   text only: `);
  expect(detailRows(state, 200, plain).join('\n')).toContain(words);
});

test(':attach takes a disk and a file, and completes the file; :detach takes a disk', () => {
  expect(parseCommandLine('attach vdb /a b.img')).toEqual({is: 'attach', target: 'vdb', path: '/a b.img'});
  expect(parseCommandLine('attach vdb')).toEqual({is: 'unknown', why: ':attach needs a disk and a file'});
  expect(typedPath('attach vdb /a')).toEqual({head: 'attach vdb ', path: '/a'});
  expect(parseCommandLine('detach vdb')).toEqual({is: 'detach', target: 'vdb'});
  expect(parseCommandLine('detach')).toMatchObject({is: 'unknown'});
});

test(':insert takes a drive and a file, and completes the file', () => {
  expect(parseCommandLine('insert hdc /a b.iso')).toEqual({is: 'insert', target: 'hdc', path: '/a b.iso'});
  expect(parseCommandLine('insert "/a b.iso"')).toEqual({is: 'insert', target: undefined, path: '/a b.iso'});
  expect(parseCommandLine('insert hdc')).toEqual({is: 'unknown', why: ':insert needs a file'});
  expect(typedPath('insert hdc /a')).toEqual({head: 'insert hdc ', path: '/a'});
});

test('the detail has the last words in full and safe', () => {
  const words = `qemu: \x1b[2Jcould not open '${'/long'.repeat(40)}'`;
  const state = stateOf(sampleDomain({name: 'a', state: {is: 'shut off', reason: 'failed'}, lastWords: [words]}));
  const text = detailRows(state, 60, plain)
    .map(row => row.trim())
    .join('');
  expect(text).toContain(`${'/long'.repeat(40)}'`);
  expect(text).not.toContain('\x1b[2J');
});

test.each([
  [0n, 'none'],
  [(1n << 41n) - 1n, 'all 41'],
  [(1n << 0n) | (1n << 13n), 'chown, net_raw'],
  [((1n << 41n) - 1n) & ~(1n << 21n), 'all but sys_admin'],
  [1n << 63n, 'unknown 0x400000'],
])('capability mask %s reads %s', (mask, text) => {
  expect(capabilityWords(mask)).toBe(text);
});

test.each([
  [80, 24, 'tabs', 1],
  [119, 50, 'tabs', 1],
  [120, 29, 'tabs', 1],
  [120, 30, 'wide', 4],
  [200, 60, 'wide', 4],
  [59, 24, 'too-small', 0],
  [80, 14, 'too-small', 0],
] as const)('%ix%i is laid out as %s', (columns, rows, kind, panes) => {
  const layout = computeLayout({columns, rows}, {focus: 'domains', lower: 'console', zoomed: false}, 1);
  expect([layout.kind, layout.panes.length]).toEqual([kind, panes]);
  for (const pane of layout.panes) {
    expect(pane.left + pane.columns).toBeLessThanOrEqual(columns);
    expect(pane.top + pane.rows).toBeLessThan(rows);
  }
  if (kind === 'wide') expect(layout.panes[1]?.columns).toBeGreaterThanOrEqual(82);
});

test('the command line is read and completed', () => {
  expect(parseCommandLine('start web')).toEqual({is: 'action', action: 'start', domain: 'web'});
  expect(parseCommandLine(" select 'two words' ")).toEqual({is: 'select', domain: 'two words'});
  expect(parseCommandLine('q')).toEqual({is: 'go', command: 'quit'});
  expect(parseCommandLine('define')).toMatchObject({is: 'unknown'});
  expect(completeCommandLine('sh', [])).toEqual({text: 'shutdown ', offers: []});
  expect(completeCommandLine('start w', ['web1', 'web2', 'db'])).toEqual({text: 'start web', offers: ['web1', 'web2']});
});

test('a row of bars fills its room, so that an idle guest leaves it as it is', () => {
  expect(sparkline([0, 0.5, 1], 5, '_-#')).toBe('___-#');
  expect(sparkline([0.01], 4, '_-#')).toBe(sparkline([0.01, 0.02], 4, '_-#'));
  expect(sparkline([], 4, '_-#')).toBe('');
});

test('the terminal tells how many colours and which characters it has', () => {
  expect([
    colourDepth({TERM: 'xterm-256color'}),
    colourDepth({TERM: 'linux'}),
    colourDepth({TERM: 'xterm', NO_COLOR: '1'}),
  ]).toEqual(['256', '16', 'none']);
  expect([hasUtf8({LANG: 'de_DE.UTF-8'}), hasUtf8({LANG: 'C'}), hasUtf8({LC_ALL: 'C', LANG: 'C.UTF-8'})]).toEqual([
    true,
    false,
    false,
  ]);
});
