import {describe, expect, test} from 'vitest';
import {formatCapabilitiesXml} from '../../src/model/capabilities-xml.ts';
import {BARE, CAPABILITIES, WITH_KVM} from './sample-capabilities.ts';

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
