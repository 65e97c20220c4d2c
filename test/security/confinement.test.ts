import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import type {ProcessCredentials} from '../../src/model/security-report.ts';
import {type AskedConfinement, checkConfinement} from '../../src/security/check-confinement.ts';
import {parseCredentials} from '../../src/security/parse-status.ts';

/** As Linux 6.1 prints it, with the lines that count. */
const STATUS = [
  'Name:\tqemu-system-x86\t(Pid:\t1)',
  'Pid:\t4242',
  'Uid:\t107\t107\t107\t107',
  'Gid:\t0\t64055\t64055\t64055',
  'Groups:\t36 64055 ',
  'CapInh:\t0000000000000000',
  'CapPrm:\t0000000000000000',
  'CapEff:\t0000000000000400',
  'CapBnd:\t000001ffffffffff',
  'CapAmb:\t0000000000000000',
  'NoNewPrivs:\t1',
  'Seccomp:\t2',
  'Seccomp_filters:\t1',
  '',
].join('\n');

const NAMES = {user: (uid: number) => (uid === 107 ? 'qemu' : String(uid)), group: (gid: number) => `g${gid}`};
const ASKED: AskedConfinement = {uid: 107, gid: 64055, dropCapabilities: true, noNewPrivs: true, seccomp: true};

function credentials(changes: Partial<ProcessCredentials> = {}): ProcessCredentials {
  const parsed = parseCredentials(STATUS, undefined);
  if (!parsed) throw new Error('the sample cannot be read');
  return {...parsed, ...changes};
}

const verdicts = (seen: ProcessCredentials, asked = ASKED) =>
  Object.fromEntries(checkConfinement(asked, seen, NAMES).map(check => [check.aspect, check.verdict]));

test('reads the credentials of a process, its name notwithstanding', () => {
  expect(credentials()).toEqual({
    pid: 4242,
    uid: {real: 107, effective: 107, saved: 107, fs: 107},
    gid: {real: 0, effective: 64055, saved: 64055, fs: 64055},
    groups: [36, 64055],
    capabilities: {inheritable: 0n, permitted: 0n, effective: 0x400n, bounding: 0x1ffffffffffn, ambient: 0n},
    noNewPrivs: true,
    seccomp: {mode: 'filter', filters: 1},
  });
});

test('reads its own process as the kernel shows it', () => {
  const own = parseCredentials(readFileSync('/proc/self/status', 'utf8'), 'unconfined');
  expect(own).toMatchObject({pid: process.pid, uid: {real: process.getuid?.()}, label: 'unconfined'});
});

test('a text that is no status gives nothing', () => {
  expect(parseCredentials('Name:\tx\n', undefined)).toBeUndefined();
  expect(parseCredentials('', undefined)).toBeUndefined();
});

test('what is not as asked is drift, with both sides in words', () => {
  const checks = checkConfinement(ASKED, credentials({noNewPrivs: false}), NAMES);
  expect(checks.filter(check => check.verdict === 'drift')).toEqual([
    {aspect: 'group', asked: 'g64055 (64055)', observed: 'g0 (0), g64055 (64055)', verdict: 'drift'},
    {aspect: 'effective capabilities', asked: 'none', observed: 'net_bind_service', verdict: 'drift'},
    {aspect: 'bounding capabilities', asked: 'none', observed: 'all 41', verdict: 'drift'},
    {aspect: 'no new privileges', asked: 'yes', observed: 'no', verdict: 'drift'},
  ]);
});

test('a sandbox that is missing is drift, one that nobody asked for is fine', () => {
  const bare = credentials({seccomp: {mode: 'disabled', filters: 0}});
  expect(verdicts(bare).seccomp).toBe('drift');
  expect(verdicts(bare, {...ASKED, seccomp: false}).seccomp).toBe('note');
  expect(verdicts(credentials(), {...ASKED, seccomp: false}).seccomp).toBe('ok');
});

test('a guest that runs as root is worth knowing, as asked or not', () => {
  const root = {real: 0, effective: 0, saved: 0, fs: 0};
  expect(verdicts(credentials({uid: root, gid: root}), {...ASKED, uid: 0, gid: 0}).user).toBe('note');
});

test("a user's own full bounding set is no danger where nothing can be gained", () => {
  const session = {...ASKED, dropCapabilities: false};
  expect(verdicts(credentials(), session)['bounding capabilities']).toBe('ok');
  expect(verdicts(credentials({noNewPrivs: false}), session)['bounding capabilities']).toBe('note');
});

test('supplementary groups are as asked in any order, the own group among them or not', () => {
  const groups = (asked: readonly number[] | undefined, seen: readonly number[]) =>
    verdicts(credentials({groups: seen}), asked === undefined ? ASKED : {...ASKED, groups: asked})[
      'supplementary groups'
    ];
  expect(groups([36, 64055], [64055, 36])).toBe('ok');
  expect(groups([64055], [])).toBe('ok');
  expect(groups([36, 64055], [64055])).toBe('drift');
  expect(groups([64055], [0, 64055])).toBe('drift');
  expect(groups(undefined, [4, 24])).toBe('ok');
});

test.each(['permitted', 'inheritable', 'ambient'] as const)(
  'a capability that came back into the %s set is drift',
  set => {
    const {capabilities} = credentials();
    const seen = credentials({capabilities: {...capabilities, [set]: 1n}});
    expect(verdicts(seen)[`${set} capabilities`]).toBe('drift');
    expect(verdicts(credentials())[`${set} capabilities`]).toBe('ok');
  },
);
