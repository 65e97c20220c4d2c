import {expect, test} from 'vitest';
import type {Capabilities} from '../../src/model/capabilities.ts';
import type {CapabilitiesOptions} from '../../src/model/hypervisor.ts';
import type {InstanceSecurity} from '../../src/model/instance-security.ts';
import {FakeHypervisor} from '../support/fake-hypervisor.ts';
import {
  runningDomain,
  SAMPLE_CAPABILITIES,
  SAMPLE_EMULATOR,
  sampleDomain,
  sampleDomainCapabilities,
  sampleSecurity,
} from '../support/samples.ts';
import {CliHarness} from './cli-harness.ts';

const UUID = '6695eb01-f6a4-8304-79aa-97f2502e1932';

function makeFake(): FakeHypervisor {
  const domains = [
    sampleDomain({name: 'off', uuid: UUID, state: {is: 'shut off', reason: 'destroyed'}}),
    runningDomain('web', 7, {uuid: UUID.replace('2', '3'), memoryKiB: 2n ** 60n, autostart: true, vcpus: 2}),
  ];
  const hypervisor = new FakeHypervisor({domains});
  hypervisor.scriptStats('web', {atMs: 1, cpuTimeNs: 12_345_678_901n, rssKiB: 1000n, vcpus: 2});
  hypervisor.scriptSecurity('web', sampleSecurity('web'));
  return hypervisor;
}

async function output(...argv: readonly string[]): Promise<string> {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run(...argv)).toBe(0);
  expect(cli.stderr.text).toBe('');
  return cli.stdout.text;
}

// Names, order and columns are those that virsh of libvirt 9.0.0 printed for domains of its test driver.

test('dominfo shows a domain that is off, without CPU time', async () => {
  expect(await output('dominfo', 'off')).toBe(
    [
      'Id:             -',
      'Name:           off',
      `UUID:           ${UUID}`,
      'OS Type:        hvm',
      'State:          shut off',
      'CPU(s):         1',
      'Max memory:     16384 KiB',
      'Used memory:    16384 KiB',
      'Persistent:     yes',
      'Autostart:      disable',
      'Managed save:   no',
      'Security model: none',
      'Security DOI:   0',
      '',
      '',
    ].join('\n'),
  );
});

test('dominfo says that a monitor was used by hand', async () => {
  const tainted = {...runningDomain('web', 1), taints: ['custom-monitor'] as const};
  const hypervisor = new FakeHypervisor({domains: [tainted], abilities: {stats: 'not here'}});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('dominfo', 'web')).toBe(0);
  expect(cli.stdout.text).toMatch(/^Messages: +tainted: custom monitor control commands issued$/m);
});

test('dominfo shows id, CPU time and autostart of a running domain', async () => {
  const text = await output('dominfo', '7');
  expect(text).toContain('Id:             7\nName:           web\n');
  expect(text).toContain('CPU(s):         2\nCPU time:       12.3s\nMax memory:     1152921504606846976 KiB\n');
  expect(text).toContain('Autostart:      enable\n');
});

test('dominfo as JSON has numbers that a double cannot hold as text', async () => {
  expect(JSON.parse(await output('dominfo', 'web', '--json'))).toMatchObject({
    id: 7,
    state: 'running',
    memoryKiB: '1152921504606846976',
    cpuTimeNs: 12_345_678_901,
    rssKiB: 1000,
  });
});

test('domstate prints the state, and its reason when asked', async () => {
  expect(await output('domstate', 'off')).toBe('shut off\n\n');
  expect(await output('domstate', '--reason', '--domain', 'off')).toBe('shut off (destroyed)\n\n');
  expect(JSON.parse(await output('domstate', 'off', '--json'))).toEqual({
    state: 'shut off',
    reason: 'destroyed',
    lastWords: [],
  });
});

test('converts between name, id and UUID', async () => {
  expect(await output('domid', 'web')).toBe('7\n\n');
  expect(await output('domid', 'off')).toBe('-\n\n');
  expect(await output('domid', 'off', '--json')).toBe('null\n');
  expect(await output('domname', UUID)).toBe('off\n\n');
  expect(await output('-q', 'domuuid', 'off')).toBe(`${UUID}\n`);
});

test('nodeinfo shows the host', async () => {
  expect(await output('nodeinfo')).toBe(
    [
      'CPU model:           x86_64',
      'CPU(s):              2',
      'CPU frequency:       2400 MHz',
      'CPU socket(s):       1',
      'Core(s) per socket:  2',
      'Thread(s) per core:  1',
      'NUMA cell(s):        1',
      'Memory size:         8388608 KiB',
      '',
      '',
    ].join('\n'),
  );
  expect(JSON.parse(await output('nodeinfo', '--json'))).toMatchObject({cpus: 2, memoryKiB: 8388608});
});

test('prints the URI and the host name', async () => {
  expect(await output('uri')).toBe('qemu:///embed?root=/fake\n\n');
  expect(await output('hostname', '--json')).toBe('"test.example"\n');
});

test('capabilities waits for every probe', async () => {
  const hypervisor = makeFake();
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('capabilities')).toBe(0);
  expect(cli.stdout.text).toMatch(/^<capabilities>\n[\s\S]*<\/capabilities>\n\n$/);
  expect(hypervisor.calls).toContainEqual({method: 'capabilities', args: [{complete: true}]});
});

test('capabilities as JSON lists flags and devices', async () => {
  const capabilities = JSON.parse(await output('capabilities', '--json'));
  expect(capabilities.emulators[2].caps.devices).toEqual(['e1000', 'virtio-blk-pci', 'isa-serial']);
});

test('emulators says why one cannot be used', async () => {
  const lines = (await output('emulators')).split('\n');
  expect(lines[0]).toMatch(/^ Emulator +Version +Architecture +Machines +Default machine +Accelerators +Known since$/);
  expect(lines[2]).toMatch(/- +failed: it exited with status 1 before it answered$/);
  expect(lines[3]).toMatch(/- +still being probed$/);
  expect(lines[4]).toMatch(/x86_64 +7\.2\.22 +x86_64 +2 +pc-i440fx-7\.2 +tcg +-$/);
  expect(lines.slice(5, 7)).toEqual(['', 'Domains of type kvm cannot run here: /dev/kvm does not exist']);
  expect(await output('emulators', '-q')).not.toContain('Domains of type kvm');
});

test('an emulator shows what runs its guests, the fastest first, and since when it is known', async () => {
  const learnt = {sinceMs: new Date(2026, 10, 24, 7, 5).getTime()};
  const emulators: Capabilities['emulators'] = [{path: '/usr/bin/x', status: 'ok', caps: SAMPLE_EMULATOR, learnt}];
  const host = {...SAMPLE_CAPABILITIES.host, kvm: {usable: true, tried: true} as const};
  const hypervisor = new FakeHypervisor({capabilities: {...SAMPLE_CAPABILITIES, host, emulators}});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('emulators')).toBe(0);
  expect(cli.stdout.text).toMatch(/ kvm, tcg +2026-11-24 07:05\n\n$/);
});

test('probe asks anew, counts on a terminal, and tells what is new', async () => {
  const changes = {
    beforeMs: new Date(2026, 0, 2, 3, 4).getTime(),
    beforeVersion: '7.2.21',
    machines: {added: ['pc-q35-7.2'], removed: ['pc-0.12']},
    cpuModels: {added: [], removed: []},
    devices: {added: Array.from({length: 12}, (_, index) => `device-${index}`), removed: []},
  };
  const before: Capabilities = {...SAMPLE_CAPABILITIES, emulators: [{path: '/usr/bin/x', status: 'probing'}]};
  const known = {path: '/usr/bin/x', status: 'ok', caps: SAMPLE_EMULATOR, learnt: {sinceMs: 1, changes}} as const;
  class Probed extends FakeHypervisor {
    override capabilities(options?: CapabilitiesOptions): Promise<Capabilities> {
      if (options?.anew) this.emit({type: 'capabilities', capabilities: {...before, emulators: [known]}});
      return super.capabilities(options);
    }
  }
  const cli = new CliHarness({hypervisor: new Probed({capabilities: before}), terminal: true});
  expect(await cli.run('probe')).toBe(0);
  expect(cli.stderr.text).toContain('probing the emulators: 1 of 1');
  expect(cli.stderr.text.endsWith('\r\x1b[K')).toBe(true);
  expect(cli.stdout.text).toContain(
    [
      '/usr/bin/x has changed since 2026-01-02 03:04:',
      '  version: 7.2.21 -> 7.2.22',
      '  machines: + pc-q35-7.2, - pc-0.12',
    ].join('\n'),
  );
  expect(cli.stdout.text).toMatch(/devices: (\+ device-\d+, ){8}and 4 more/);
});

test('says where it looked when there is no emulator', async () => {
  const hypervisor = new FakeHypervisor({capabilities: {...SAMPLE_CAPABILITIES, emulators: []}});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('emulators')).toBe(1);
  expect(cli.stderr.text.replace(/hint: install an emulator: .*\n/, '')).toBe(
    [
      'error: there is no QEMU emulator on this host',
      '  looked in /usr/local/bin',
      '  looked in /usr/bin',
      '  looked in /usr/libexec',
      '',
    ].join('\n'),
  );
});

test('security shows what was asked beside what the kernel says', async () => {
  const text = await output('security', 'web');
  expect(text).toContain('Driver instance: qemu:///embed?root=/fake (tester)\n');
  expect(text).toContain('Capabilities:    effective none, bounding all 41\n');
  expect(text).toMatch(
    /\n Part +Aspect +Asked +Observed +Verdict\n-+\n process +user +the user of the session +1000 +ok\n/,
  );
  expect(JSON.parse(await output('security', 'web', '--json'))).toMatchObject({
    credentials: {pid: 4001, capabilities: {bounding: '0x1ffffffffff'}},
  });
});

test('security begins with what differs, and names the commands that give it back', async () => {
  const hypervisor = makeFake();
  const moved = {
    part: 'files',
    aspect: "disk 'vda' /a\u001b[2Jb",
    asked: 'qemu:kvm',
    observed: 'root:root 0600: its owner was changed',
    verdict: 'drift',
    remedies: ['chown 107:36 /ab'],
  } as const;
  const report = sampleSecurity('web');
  hypervisor.scriptSecurity('web', {...report, checks: [...report.checks, moved]});
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('security', 'web')).toBe(0);
  expect(cli.stdout.text).toContain('Confinement:     1 differs\n');
  expect(cli.stdout.text).toMatch(
    /-+\n files +disk 'vda' \/ab +qemu:kvm +root:root 0600: its owner was changed +drift\n/,
  );
  expect(cli.stdout.text).toContain("To give back what was asked:\n  disk 'vda' /ab:\n    chown 107:36 /ab\n");
});

test('security of a domain that is off is refused', async () => {
  const cli = new CliHarness({hypervisor: makeFake()});
  expect(await cli.run('security', 'off')).toBe(1);
  expect(cli.stderr.text).toBe("error: domain 'off' is not running\n");
});

test('log prints the newest lines without control characters', async () => {
  const hypervisor = makeFake();
  hypervisor.scriptLog('off', ['first', 'sec\x1b[2Jond', 'third']);
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('log', 'off', '--lines', '2')).toBe(0);
  expect(cli.stdout.text).toBe('second\nthird\n');
});

test('dumpxml asks for the definition with --inactive', async () => {
  const hypervisor = makeFake();
  hypervisor.scriptXml('web', '<domain/>\n');
  const cli = new CliHarness({hypervisor});
  expect(await cli.run('dumpxml', 'web', '--inactive')).toBe(0);
  expect(cli.stdout.text).toBe('<domain/>\n\n');
  expect(hypervisor.calls).toContainEqual({method: 'domainGetXml', args: ['web', {inactive: true}]});
});

test('domcapabilities passes on what is asked about, and prints XML or JSON', async () => {
  const query = {arch: 'x86_64', machine: 'q35', domainType: 'kvm', emulator: '/usr/bin/qemu-kvm'};
  const words = ['--virttype', 'kvm', '--emulatorbin', '/usr/bin/qemu-kvm', '--arch', 'x86_64', '--machine', 'q35'];
  const run = async (...more: readonly string[]) => {
    const hypervisor = makeFake();
    hypervisor.scriptDomainCapabilities(query, sampleDomainCapabilities());
    const cli = new CliHarness({hypervisor});
    expect(await cli.run('domcapabilities', ...words, ...more)).toBe(0);
    return cli.stdout.text;
  };
  expect(await run()).toContain('<domainCapabilities>\n  <path>/usr/bin/qemu-kvm</path>');
  expect(JSON.parse(await run('--json'))).toMatchObject({emulator: '/usr/bin/qemu-kvm', arch: 'x86_64'});
});

test('capabilities as JSON say which guests there are, and with which emulator', async () => {
  const {guests, host} = JSON.parse(await output('capabilities', '--json'));
  const emulator = '/usr/bin/qemu-system-x86_64';
  expect(host).toMatchObject({arch: 'x86_64', memoryKiB: 8_388_608});
  expect(guests).toEqual([
    {osType: 'hvm', arch: 'i686', emulator, domains: [{type: 'qemu', emulator}]},
    {osType: 'hvm', arch: 'x86_64', emulator, domains: [{type: 'qemu', emulator}]},
  ]);
});

test('security without a domain shows the instance and each setting with its place', async () => {
  const report: InstanceSecurity = {
    uri: 'qemu:///embed?root=/fake',
    userName: 'tester',
    guests: {uid: 1000, gid: 100, user: 'tester', group: 'users', chosenByRoot: false, dropsCapabilities: false},
    labels: 'none: no security module is in force on this host',
    deviceLists: 'none: the kernel takes no list from a user',
    models: ['apparmor'],
    configuration: {
      path: '/fake/qemu.conf',
      settings: [
        {name: 'vnc_listen', value: '"::"', line: 3, isHonoured: true},
        {name: 'max_core', value: '0', line: 12, isHonoured: false},
      ],
      problems: [{severity: 'error', line: 5, column: 1, message: "there is no setting '\u001b[2J'"}],
    },
  };
  const scripted = () => {
    const hypervisor = makeFake();
    hypervisor.scriptInstanceSecurity(report);
    return new CliHarness({hypervisor});
  };
  const cli = scripted();
  expect(await cli.run('security')).toBe(0);
  expect(cli.stdout.text).toContain('Guests run as:   tester:users (1000:100)\n');
  expect(cli.stdout.text).toContain('Device lists:    none: the kernel takes no list from a user\n');
  expect(cli.stdout.text).toContain('none: no security module is in force on this host; no finer level');
  expect(cli.stdout.text).toMatch(
    /\n \/fake\/qemu\.conf:3 +vnc_listen +"::" +yes\n \/fake\/qemu\.conf:12 +max_core +0 +not yet\n/,
  );
  expect(cli.stdout.text).toContain("error: /fake/qemu.conf:5: there is no setting ''\n");
  const json = scripted();
  expect(await json.run('security', '--json')).toBe(0);
  expect(JSON.parse(json.stdout.text)).toMatchObject({configuration: {settings: [{line: 3}, {line: 12}]}});
});
