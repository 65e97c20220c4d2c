import {afterEach, describe, expect, test} from 'vitest';
import type {AppState} from '../../src/app/app-state.ts';
import {INITIAL_VIEW} from '../../src/app/view-state.ts';
import type {Capabilities, EmulatorInfo} from '../../src/model/capabilities.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {CapabilitiesTree} from '../../src/views/capabilities/capabilities-tree.ts';
import {capabilitiesRows} from '../../src/views/capabilities/rows.ts';
import {visibleNodes} from '../../src/views/tree/tree-node.ts';
import {TreeDrawer} from '../../src/views/tree/tree-rows.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {SAMPLE_CAPABILITIES, SAMPLE_EMULATOR, SAMPLE_HOST, sampleDomainCapabilities} from '../support/samples.ts';
import {OpenScreen} from './screen-harness.ts';

const plain = makeTheme({LANG: 'C.UTF-8', NO_COLOR: '1'});
const SGR = /\x1b\[[\d;]*m/g;
const PC = '/usr/bin/qemu-system-x86_64';

/** The whole tree with some nodes toggled. */
function rowsOf(capabilities: Capabilities | undefined, ...toggled: readonly string[]): string {
  const view: AppState['view'] = {
    ...INITIAL_VIEW,
    capabilities: {toggled: new Set(toggled), cursor: undefined, search: ''},
  };
  const parts = {tree: new CapabilitiesTree(), drawer: new TreeDrawer()};
  const size = {columns: 100, rows: 500};
  return capabilitiesRows({capabilities, view}, parts, size, {theme: plain, isFocused: false})
    .lines.join('\n')
    .replaceAll(SGR, '');
}

describe('the tree of capabilities', () => {
  test('says what the host has, and why KVM is not usable', () => {
    const open = ['host/CPU', 'host/CPU/Model', 'host/Cores', 'host/Memory', 'host/Security'];
    const text = rowsOf(SAMPLE_CAPABILITIES, ...open);
    for (const line of [
      'CPU       x86_64, x86_64',
      'Model  2 features',
      'as the kernel tells  sse4.2 avx2',
      'Cores     2: 1 socket x 2 cores x 1 thread; 1 NUMA cell',
      'cell 0  8 GiB; CPUs 0-1; 4 of 2 MiB, 3 free; distance 10 to 0',
      'Memory    8 GiB; huge pages: 4 of 2 MiB, 3 free',
      'pages of 2 MiB  4, 3 free',
      'KVM       not usable: /dev/kvm does not exist',
      'IOMMU     none: no device can be given to a guest',
      'Security  none',
      'none  nothing keeps guests apart',
    ])
      expect(text).toContain(line);
    const host = {...SAMPLE_HOST, kvm: {usable: true, tried: true} as const, iommu: true};
    expect(rowsOf({...SAMPLE_CAPABILITIES, host})).toMatch(/KVM +usable: a guest has run with it[\s\S]*IOMMU +there/);
  });

  test('has each architecture, and what could not be asked with the reason', () => {
    const text = rowsOf(SAMPLE_CAPABILITIES);
    expect(text).toMatch(/Guests +1 architecture, 1 emulator; asking 1/);
    expect(text).toMatch(/▸ x86_64 +7\.2\.22 +2 machines +TCG/);
    expect(text).toMatch(/ppc +asking/);
    expect(text).toMatch(/qemu-system-mips +\/usr\/bin\/qemu-system-mips: it exited with status 1/);
    expect(rowsOf(undefined)).toContain('Asking the host');
  });

  test('has machines with their other names, models with what blocks them, devices by bus', () => {
    const blocked = ['pcid', 'x2apic', 'hle'];
    const machines = SAMPLE_EMULATOR.machines.map(machine => ({...machine, deprecated: machine.name === 'pc-q35-7.2'}));
    const cpuModels = [...SAMPLE_EMULATOR.cpuModels, {name: 'z', deprecated: false, lacks: {tcg: blocked}}];
    const deviceBuses = new Map([['e1000', 'pci']]);
    const caps = {...SAMPLE_EMULATOR, machines, cpuModels, deviceBuses};
    const capabilities = {...SAMPLE_CAPABILITIES, emulators: [{path: PC, status: 'ok' as const, caps}]};
    const open = ['', '/machines', '/cpus', '/cpus/z', '/devices', '/devices/pci'].map(part => `guests/x86_64${part}`);
    const text = rowsOf(capabilities, ...open);
    for (const line of [
      'Runs by     software (TCG); KVM is not usable here',
      'Machines    2, 1 deprecated',
      'pc-i440fx-7.2  255 CPUs  default  also pc',
      'pc-q35-7.2     288 CPUs  deprecated',
      'CPU models  4, 2 usable in software',
      'Broadwell  blocked by pcid, x2apic; same as Broadwell-v1',
      'qemu64     usable; deprecated',
      'z          blocked by pcid, x2apic and 1 more',
      'blocked by  pcid x2apic hle',
      'on pci  1',
      'other   2',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/on pci +1\n +e1000\n/);
  });

  test('tells several emulators of one architecture apart, and what is new in one', () => {
    const names = {added: ['pc-q35-8.0'], removed: []};
    const none = {added: [], removed: []};
    const changes = {beforeMs: 0, beforeVersion: '7.1.0', machines: names, cpuModels: none, devices: none};
    const learnt = {sinceMs: 1, changes};
    const emulators: EmulatorInfo[] = [
      {path: PC, status: 'ok', caps: SAMPLE_EMULATOR, learnt},
      {path: `${PC}-microvm`, status: 'ok', caps: {...SAMPLE_EMULATOR, kvmBuiltIn: false}},
    ];
    const text = rowsOf({...SAMPLE_CAPABILITIES, emulators}, 'guests/x86_64', 'changed', `changed/${PC}`);
    expect(text).toMatch(/Changed +1 emulator since they were asked before/);
    expect(text).toMatch(/qemu-system-x86_64 +7\.1\.0 is now 7\.2\.22, against /);
    expect(text).toMatch(/\+ machine +pc-q35-8\.0/);
    expect(text).toMatch(/▾ x86_64 .*, and 1 more\n +▸ qemu-system-x86_64 .*\n +▸ qemu-system-x86_64-microvm /);
  });

  test('without an emulator says where was looked and what to install', () => {
    const text = rowsOf({...SAMPLE_CAPABILITIES, emulators: []});
    for (const words of ['No QEMU was found', '/usr/libexec', 'apt-get install qemu-system-x86'])
      expect(text).toContain(words);
  });

  test('shows an emulator as it was while it is asked again', () => {
    const tree = new CapabilitiesTree();
    const known: Capabilities = {...SAMPLE_CAPABILITIES, emulators: [{path: PC, status: 'ok', caps: SAMPLE_EMULATOR}]};
    const labels = (capabilities: Capabilities) =>
      tree
        .of(capabilities)
        .visible(new Set())
        .map(({entry}) => `${entry.label} ${entry.value ?? ''}`);
    expect(labels(known)).toContainEqual(expect.stringMatching(/^x86_64 7\.2\.22 .*TCG$/));
    const asked = labels({...known, emulators: [{path: PC, status: 'probing'}]});
    expect(asked).toContainEqual(expect.stringMatching(/^x86_64 7\.2\.22 .*asking again$/));
    expect(labels({...known, emulators: [{path: PC, status: 'failed', why: 'gone'}]})).not.toContainEqual(
      expect.stringContaining('7.2.22'),
    );
  });
});

describe('the capabilities pane', () => {
  let screen: OpenScreen | undefined;
  afterEach(async () => {
    for (let times = 0; times < 4; times++) screen?.type('\x03');
    await screen?.ended;
    screen = undefined;
  });

  async function open(hypervisor = new FakeHypervisor()): Promise<OpenScreen> {
    screen = new OpenScreen(hypervisor);
    await screen.see('No domain is defined');
    screen.type('5');
    await screen.see('Guests');
    return screen;
  }

  test('is folded by keys and searched, folded lines too', async () => {
    const it = await open();
    it.type('\x1b[D'); // Left
    await it.see('▸ Host');
    it.type('/q35\r');
    await it.see(/pc-q35-7\.2 +288 CPUs/);
    await it.see('/q35');
    it.type('\x1b[D');
    it.type('\x1b[D');
    await it.see(/▸ Machines +2/);
    it.type('n');
    await it.see('pc-q35-7.2');
    it.type('\x1b');
    await it.see(/^(?![\s\S]*\/q35)[\s\S]*Guests/);
  });

  test('shows XML of the host, and of domains with the emulator of the line', async () => {
    const hypervisor = new FakeHypervisor();
    hypervisor.scriptDomainCapabilities({emulator: PC}, sampleDomainCapabilities());
    const it = await open(hypervisor);
    it.type('x');
    await it.see('<capabilities>');
    it.type('\x1b');
    it.type('/Broadwell\r');
    await it.see('blocked by pcid');
    it.type('x');
    await it.see('<domainCapabilities>');
    it.type('\t');
    await it.see('<capabilities>');
  });

  test('copies what a line names', async () => {
    const it = await open();
    it.type('/qemu64\r');
    await it.see('usable; deprecated');
    it.type('y');
    await it.see("Copied 'qemu64'");
  });

  test('asks every emulator again, and says what came of it', async () => {
    const hypervisor = new FakeHypervisor();
    const release = hypervisor.hold('capabilities');
    release();
    const it = await open(hypervisor);
    const go = hypervisor.hold('capabilities');
    it.type(':probe\r');
    await it.see('Asking every emulator again');
    it.type(':probe\r');
    await it.see('are being asked already');
    go();
    await it.see('Asked 3 emulators: nothing changed, 2 could not be asked');
    expect(hypervisor.calls.at(-1)).toMatchObject({method: 'capabilities', args: [{complete: true, anew: true}]});
  });
});

test('a value of several columns loses whole ones where there is little room', () => {
  const nodes = visibleNodes([{key: 'x', label: 'x86_64', value: '7.2.22    58 machines  TCG'}], new Set());
  const draw = (columns: number) =>
    new TreeDrawer().draw(nodes, undefined, {columns, rows: 1}, {theme: plain, isFocused: false}).lines[0]?.trim();
  expect([40, 36, 25, 16].map(draw)).toEqual([
    'x86_64  7.2.22    58 machines  TCG',
    'x86_64  7.2.22    58 machines',
    'x86_64  7.2.22',
    'x86_64  7.2…',
  ]);
});
