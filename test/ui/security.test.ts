import {describe, expect, test} from 'vitest';
import type {AppState} from '../../src/app/app-state.ts';
import type {InstanceSecurity} from '../../src/model/instance-security.ts';
import type {PartCheck} from '../../src/model/security-report.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {securityRows} from '../../src/views/security/rows.ts';
import {SecurityTree} from '../../src/views/security/security-tree.ts';
import {TreeDrawer} from '../../src/views/tree/tree-rows.ts';
import {makeStore} from '../app/make-store.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {foreignDomain, runningDomain, sampleDomain, sampleSecurity} from '../support/samples.ts';

const plain = makeTheme({LANG: 'C', NO_COLOR: '1'});
const SGR = /\x1b\[[\d;]*m/g;
const DRIFT: PartCheck = {
  part: 'files',
  aspect: "disk 'vda' /a\x1b[2J.img",
  asked: '107:36, read and write',
  observed: 'root:root 0600: its owner was changed',
  verdict: 'drift',
  remedies: ['chown 107:36 /a.img'],
};
const INSTANCE: InstanceSecurity = {
  uri: 'qemu:///system',
  userName: 'root',
  guests: {uid: 107, gid: 36, user: 'qemu', group: 'kvm', chosenByRoot: true, dropsCapabilities: true},
  deviceLists: 'by the devices controller, in /sys/fs/cgroup/devices/virtty',
  labels: 'none: SELinux is not in force on this host',
  models: ['none', 'dac'],
  configuration: {
    path: '/etc/virtty/qemu.conf',
    settings: [{name: 'user', value: '"qemu"', line: 3, isHonoured: true}],
    problems: [],
  },
};

function stateOf(...drifting: readonly string[]): AppState {
  const domains = [runningDomain('db', 2), runningDomain('web', 1), sampleDomain({name: 'off'})];
  const state = makeStore(new FakeHypervisor({domains}), domains).get();
  const read = (name: string) => {
    const report = sampleSecurity(name);
    const checks = drifting.includes(name) ? [...report.checks, DRIFT] : report.checks;
    return [name, {is: 'read', report: {...report, checks}, atMs: 0} as const] as const;
  };
  return {
    ...state,
    instanceSecurity: {is: 'read', security: INSTANCE, atMs: 0},
    security: new Map([read('web'), read('db')]),
    view: {...state.view, selected: 'web'},
  };
}

function rowsOf(state: AppState, ...toggled: readonly string[]): readonly string[] {
  const view = {...state.view, security: {...state.view.security, toggled: new Set(toggled)}};
  const size = {columns: 110, rows: 500};
  const parts = {tree: new SecurityTree(), drawer: new TreeDrawer()};
  return securityRows({...state, view}, parts, size, {theme: plain, isFocused: false}).lines.map(line =>
    line.replaceAll(SGR, '').trimEnd(),
  );
}

describe('the pane of security', () => {
  test('says who drives, as whom guests run, what is in force and why not more, and each value with its place', () => {
    const text = rowsOf(stateOf(), 'instance/Configuration').join('\n');
    expect(text).toContain('Driver  embed, as tester');
    expect(text).toMatch(/Guests as +qemu:kvm \(107:36\)/);
    expect(text).toMatch(/Model +none: SELinux is not in force on this host; guests run as qemu, not as root/);
    expect(text).toMatch(/Configuration +\/etc\/virtty\/qemu\.conf {2}1 setting/);
    expect(text).toMatch(/user +"qemu" {2}\/etc\/virtty\/qemu\.conf:3/);
  });

  test('the selected guest comes first and unfolded, others in one line', () => {
    const rows = rowsOf(stateOf());
    const at = (text: string) => rows.findIndex(row => row.includes(text));
    expect(rows[at('web ')]).toMatch(/web +as asked +pid 4001 +1000:1000 +caps none/);
    expect(at('Process')).toBe(at('web ') + 1);
    expect(rows.at(-1)).toMatch(/^ [^ ] db +as asked/);
    expect(rows.join('\n')).toMatch(/bounding set +41 capabilities \(worth knowing\)/);
  });

  test('what differs stands first, with what was asked and what gives it back', () => {
    const rows = rowsOf(stateOf('web', 'db'));
    const first = rows.findIndex(row => row.includes('web '));
    expect(rows[first]).toMatch(/web +1 differs/);
    expect(rows.slice(first + 1, first + 4).map(row => row.trim().replaceAll(/ {2,}/g, ' '))).toEqual([
      expect.stringMatching(/disk 'vda' \/a\.img differs: root:root 0600: its owner was changed$/),
      'asked 107:36, read and write',
      'gives it back chown 107:36 /a.img',
    ]);
    expect(rows.filter(row => row.includes('gives it back'))).toHaveLength(2);
  });

  test('an aspect unfolds to what was asked, what is, and the verdict', () => {
    const text = rowsOf(stateOf(), 'selected web/process/process user').join('\n');
    expect(text).toMatch(/asked +the user of the session\n +observed +1000\n +verdict +ok/);
  });

  test('one that others started is observed only', () => {
    const state = stateOf();
    const domain = foreignDomain('a', 77, {runner: {is: 'proxmox', vmid: '100'}, user: 'root'});
    const report = sampleSecurity(domain.name);
    const checks = report.checks.map(check => ({...check, asked: 'not known', verdict: 'unasked' as const}));
    const security = new Map([[domain.name, {is: 'read', report: {...report, checks}, atMs: 0} as const]]);
    const text = rowsOf({...state, domains: [domain], security, view: {...state.view, selected: domain.name}}).join(
      '\n',
    );
    expect(text).toMatch(/a@77 +observed only/);
    expect(text).toMatch(/Observed only +Proxmox 100 runs it as root; what was asked for is not known/);
  });

  test('a guest that is off has no process, and nobody running is said', () => {
    const state = stateOf();
    const text = rowsOf({...state, view: {...state.view, selected: 'off'}}).join('\n');
    expect(text).toMatch(/off +shut off: there is no process to look at/);
    expect(rowsOf({...state, domains: []}).join('\n')).toContain('No guest is running.');
  });
});
