import {describe, expect, test} from 'vitest';
import type {DomainCapabilities} from '../../src/model/domain-capabilities.ts';
import {formatDomainCapabilitiesXml} from '../../src/model/domain-capabilities-xml.ts';
import {noSchemas, schemaErrors} from './corpus.ts';

const FULL: DomainCapabilities = {
  emulator: '/usr/bin/qemu-system-x86_64',
  domainType: 'kvm',
  machine: 'pc-q35-7.2',
  arch: 'x86_64',
  maxVcpus: 288,
  iothreads: true,
  firmware: ['efi'],
  loader: {paths: ['/usr/share/OVMF/OVMF_CODE.fd'], types: ['rom', 'pflash'], hasSecureBoot: true},
  cpu: {
    hostPassthrough: true,
    maximum: true,
    hostModel: {
      model: 'EPYC',
      vendor: 'AMD',
      features: [
        {name: 'ss', policy: 'require'},
        {name: 'vme', policy: 'disable'},
      ],
    },
    whyNoHostModel: undefined,
    models: [
      {name: '486', usable: undefined, blockedBy: [], deprecated: false, vendor: undefined},
      {name: 'EPYC', usable: true, blockedBy: [], deprecated: false, vendor: 'AMD'},
      {name: 'Icelake-Client', usable: false, blockedBy: ['mpx'], deprecated: true, vendor: 'Intel'},
    ],
  },
  memorySources: ['file', 'anonymous', 'memfd'],
  devices: [
    {name: 'disk', supported: true, enums: [{name: 'diskDevice', values: ['disk', 'cdrom']}]},
    {name: 'redirdev', supported: false, enums: []},
  ],
  features: [
    {name: 'gic', supported: false, enums: []},
    {name: 'hyperv', supported: true, enums: [{name: 'features', values: ['relaxed']}]},
  ],
  sev: {cbitpos: 47, reducedPhysBits: 1},
  sgx: {flc: true, sgx1: true, sgx2: false, sections: [{node: 0, sizeKiB: 94208}]},
};

const NOTHING: DomainCapabilities = {
  ...FULL,
  machine: undefined,
  maxVcpus: undefined,
  iothreads: false,
  firmware: [],
  loader: {paths: [], types: ['rom'], hasSecureBoot: false},
  cpu: {hostPassthrough: false, maximum: false, hostModel: undefined, whyNoHostModel: 'no', models: []},
  devices: [],
  features: [],
  sev: undefined,
  sgx: undefined,
};

const FULL_XML = `<domainCapabilities>
  <path>/usr/bin/qemu-system-x86_64</path>
  <domain>kvm</domain>
  <machine>pc-q35-7.2</machine>
  <arch>x86_64</arch>
  <vcpu max='288'/>
  <iothreads supported='yes'/>
  <os supported='yes'>
    <enum name='firmware'>
      <value>efi</value>
    </enum>
    <loader supported='yes'>
      <value>/usr/share/OVMF/OVMF_CODE.fd</value>
      <enum name='type'>
        <value>rom</value>
        <value>pflash</value>
      </enum>
      <enum name='readonly'>
        <value>yes</value>
        <value>no</value>
      </enum>
      <enum name='secure'>
        <value>yes</value>
        <value>no</value>
      </enum>
    </loader>
  </os>
  <cpu>
    <mode name='host-passthrough' supported='yes'>
      <enum name='hostPassthroughMigratable'>
        <value>on</value>
        <value>off</value>
      </enum>
    </mode>
    <mode name='maximum' supported='yes'>
      <enum name='maximumMigratable'>
        <value>on</value>
        <value>off</value>
      </enum>
    </mode>
    <mode name='host-model' supported='yes'>
      <model fallback='forbid'>EPYC</model>
      <vendor>AMD</vendor>
      <feature policy='require' name='ss'/>
      <feature policy='disable' name='vme'/>
    </mode>
    <mode name='custom' supported='yes'>
      <model usable='unknown' vendor='unknown'>486</model>
      <model usable='yes' vendor='AMD'>EPYC</model>
      <model usable='no' deprecated='yes' vendor='Intel'>Icelake-Client</model>
    </mode>
  </cpu>
  <memoryBacking supported='yes'>
    <enum name='sourceType'>
      <value>file</value>
      <value>anonymous</value>
      <value>memfd</value>
    </enum>
  </memoryBacking>
  <devices>
    <disk supported='yes'>
      <enum name='diskDevice'>
        <value>disk</value>
        <value>cdrom</value>
      </enum>
    </disk>
    <redirdev supported='no'/>
  </devices>
  <features>
    <gic supported='no'/>
    <sev supported='yes'>
      <cbitpos>47</cbitpos>
      <reducedPhysBits>1</reducedPhysBits>
      <maxGuests>0</maxGuests>
      <maxESGuests>0</maxESGuests>
    </sev>
    <sgx supported='yes'>
      <flc>yes</flc>
      <sgx1>yes</sgx1>
      <sgx2>no</sgx2>
      <section_size unit='KiB'>94208</section_size>
      <sections>
        <section node='0' size='94208' unit='KiB'/>
      </sections>
    </sgx>
    <hyperv supported='yes'>
      <enum name='features'>
        <value>relaxed</value>
      </enum>
    </hyperv>
  </features>
</domainCapabilities>
`;

describe('domain capabilities XML', () => {
  test('has what libvirt’s has, in its order', () => {
    expect(formatDomainCapabilitiesXml(FULL)).toBe(FULL_XML);
  });

  const skipped = noSchemas === undefined ? '' : ` (skipped: ${noSchemas})`;
  test.skipIf(noSchemas !== undefined)(`follows libvirt’s schema${skipped}`, () => {
    expect(schemaErrors('domaincaps', FULL_XML)).toBe('');
    expect(schemaErrors('domaincaps', formatDomainCapabilitiesXml(NOTHING))).toBe('');
  });
});
