import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Capabilities, EmulatorCaps, MachineInfo} from '../../src/model/capabilities.ts';
import {formatCapabilitiesXml} from '../../src/model/capabilities-xml.ts';
import {formatDomain} from '../../src/model/format-domain.ts';
import {assignAliases} from '../../src/model/live-def.ts';
import {arbitraryDomain} from './arbitrary-domain.ts';
import {noSchemas, schemaErrors} from './corpus.ts';

function machine(name: string, more: Partial<MachineInfo> = {}): MachineInfo {
  return {name, isDefault: false, deprecated: false, maxCpus: 255, ...more};
}

function caps(arch: string, more: Partial<EmulatorCaps> = {}): EmulatorCaps {
  return {
    version: '7.2.22',
    arch,
    flags: new Set(),
    machines: [machine('pc-i440fx-7.2', {isDefault: true}), machine('pc', {aliasOf: 'pc-i440fx-7.2'})],
    cpuModels: [],
    devices: new Set(),
    kvmBuiltIn: true,
    ...more,
  };
}

const CAPABILITIES: Capabilities = {
  host: {
    hostname: 'host',
    uuid: 'c7a5fdbd-edaf-9455-926a-d65c16db1809',
    arch: 'x86_64',
    cpuModel: 'Some <CPU> & Co',
    cpus: 2,
    mhz: 2500,
    numaNodes: 1,
    sockets: 1,
    coresPerSocket: 2,
    threadsPerCore: 1,
    memoryKiB: 4194304n,
    kvm: {usable: false, why: 'no /dev/kvm'},
  },
  emulators: [
    {path: '/opt/broken', status: 'failed', why: 'no'},
    {path: '/usr/bin/qemu-kvm', status: 'ok', caps: caps('x86_64')},
    {path: '/usr/bin/qemu-system-i386', status: 'ok', caps: caps('i686', {kvmBuiltIn: false})},
    {
      path: '/usr/bin/qemu-system-ppc',
      status: 'ok',
      caps: caps('ppc', {machines: [machine('prep', {deprecated: true})]}),
    },
    {path: '/usr/bin/qemu-system-x86_64', status: 'ok', caps: caps('x86_64')},
    {path: '/usr/bin/qemu-system-z', status: 'probing'},
  ],
  searched: ['/usr/bin'],
};

const CAPABILITIES_XML = `<capabilities>

  <host>
    <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
    <cpu>
      <arch>x86_64</arch>
      <model>Some &lt;CPU&gt; &amp; Co</model>
      <topology sockets='1' dies='1' cores='2' threads='1'/>
    </cpu>
    <topology>
      <cells num='1'>
        <cell id='0'>
          <memory unit='KiB'>4194304</memory>
          <cpus num='2'>
            <cpu id='0'/>
            <cpu id='1'/>
          </cpus>
        </cell>
      </cells>
    </topology>
  </host>

  <guest>
    <os_type>hvm</os_type>
    <arch name='i686'>
      <wordsize>32</wordsize>
      <emulator>/usr/bin/qemu-system-i386</emulator>
      <machine maxCpus='255'>pc-i440fx-7.2</machine>
      <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
      <domain type='qemu'/>
    </arch>
  </guest>

  <guest>
    <os_type>hvm</os_type>
    <arch name='ppc'>
      <wordsize>32</wordsize>
      <emulator>/usr/bin/qemu-system-ppc</emulator>
      <machine maxCpus='255' deprecated='yes'>prep</machine>
      <domain type='qemu'/>
    </arch>
  </guest>

  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <wordsize>64</wordsize>
      <emulator>/usr/bin/qemu-kvm</emulator>
      <machine maxCpus='255'>pc-i440fx-7.2</machine>
      <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
      <domain type='qemu'/>
    </arch>
  </guest>

</capabilities>
`;

const {host} = CAPABILITIES;
const WITH_KVM: Capabilities = {...CAPABILITIES, host: {...host, kvm: {usable: true}}};
const BARE: Capabilities = {host: {...host, uuid: '', cpuModel: '', numaNodes: 2}, emulators: [], searched: []};

describe('capabilities XML', () => {
  test('has the host and one guest for each architecture that was probed', () => {
    expect(formatCapabilitiesXml(CAPABILITIES)).toBe(CAPABILITIES_XML);
  });

  test('offers KVM only where the host lets us and the emulator has it', () => {
    const guests = formatCapabilitiesXml(WITH_KVM).split('<guest>');
    expect(guests.map(guest => guest.includes("<domain type='kvm'/>"))).toEqual([false, false, false, true]);
  });

  test('counts the cells of a host of which it knows no more', () => {
    expect(formatCapabilitiesXml(BARE)).toContain("<cells num='2'>\n        <cell id='0'/>\n        <cell id='1'/>");
  });
});

const skipped = noSchemas === undefined ? '' : ` (skipped: ${noSchemas})`;

describe.skipIf(noSchemas !== undefined)(`libvirt’s schemas${skipped}`, () => {
  test.each([
    ['of a host with emulators', CAPABILITIES],
    ['with KVM', WITH_KVM],
    ['of a bare host', BARE],
  ])('accept the capabilities %s', (_, capabilities) => {
    expect(schemaErrors('capability', formatCapabilitiesXml(capabilities))).toBe('');
  });

  test('accept every domain, inactive and running', () => {
    fc.assert(
      fc.property(arbitraryDomain, def => {
        expect(schemaErrors('domain', formatDomain(def))).toBe('');
        expect(schemaErrors('domain', formatDomain(assignAliases(def), {id: 1}))).toBe('');
      }),
      {numRuns: 15},
    );
  });
});
