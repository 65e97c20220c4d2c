import {describe, expect, test} from 'vitest';
import {formatCapabilitiesXml} from '../../src/model/capabilities-xml.ts';
import {BARE, CAPABILITIES, WITH_KVM} from './sample-capabilities.ts';

const CAPABILITIES_XML = `<capabilities>

  <host>
    <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
    <cpu>
      <arch>x86_64</arch>
      <model>Broadwell</model>
      <vendor>Intel</vendor>
      <microcode version='17'/>
      <signature family='6' model='79' stepping='1'/>
      <counter name='tsc' frequency='2500000000' scaling='yes'/>
      <topology sockets='1' dies='1' cores='2' threads='1'/>
      <maxphysaddr mode='emulate' bits='46'/>
      <feature name='vme'/>
      <feature name='avx512f'/>
      <pages unit='KiB' size='4'/>
      <pages unit='KiB' size='2048'/>
    </cpu>
    <power_management>
      <suspend_mem/>
      <suspend_disk/>
      <suspend_hybrid/>
    </power_management>
    <iommu support='yes'/>
    <migration_features>
      <live/>
      <uri_transports>
        <uri_transport>tcp</uri_transport>
        <uri_transport>rdma</uri_transport>
      </uri_transports>
    </migration_features>
    <topology>
      <cells num='2'>
        <cell id='0'>
          <memory unit='KiB'>3145728</memory>
          <pages unit='KiB' size='4'>784384</pages>
          <pages unit='KiB' size='2048'>4</pages>
          <distances>
            <sibling id='0' value='10'/>
            <sibling id='2' value='21'/>
          </distances>
          <cpus num='2'>
            <cpu id='0' socket_id='0' die_id='0' core_id='0' siblings='0-1'/>
            <cpu id='1' socket_id='0' die_id='0' core_id='0' siblings='0-1'/>
          </cpus>
        </cell>
        <cell id='2'>
          <memory unit='KiB'>1048576</memory>
          <cpus num='0'/>
        </cell>
      </cells>
    </topology>
    <cache>
      <bank id='0' level='3' type='both' size='15' unit='MiB' cpus='0-1'>
        <control granularity='768' min='1536' unit='KiB' type='both' maxAllocs='4'/>
      </bank>
      <monitor level='3' reuseThreshold='270336' maxMonitors='176'>
        <feature name='llc_occupancy'/>
      </monitor>
    </cache>
    <memory_bandwidth>
      <node id='0' cpus='0-1'>
        <control granularity='10' min='10' maxAllocs='4'/>
      </node>
      <monitor maxMonitors='176'>
        <feature name='mbm_total_bytes'/>
        <feature name='mbm_local_bytes'/>
      </monitor>
    </memory_bandwidth>
    <secmodel>
      <model>selinux</model>
      <doi>0</doi>
      <baselabel type='kvm'>system_u:system_r:svirt_t:s0</baselabel>
      <baselabel type='qemu'>system_u:system_r:svirt_tcg_t:s0</baselabel>
    </secmodel>
    <secmodel>
      <model>dac</model>
      <doi>0</doi>
      <baselabel type='kvm'>+107:+107</baselabel>
      <baselabel type='qemu'>+107:+107</baselabel>
    </secmodel>
  </host>

  <guest>
    <os_type>hvm</os_type>
    <arch name='alpha'>
      <wordsize>64</wordsize>
      <emulator>/usr/bin/qemu-system-alpha</emulator>
      <domain type='qemu'/>
    </arch>
    <features>
      <disksnapshot default='off' toggle='no'/>
    </features>
  </guest>

  <guest>
    <os_type>hvm</os_type>
    <arch name='i686'>
      <wordsize>32</wordsize>
      <emulator>/usr/bin/qemu-system-i386</emulator>
      <machine maxCpus='255'>pc-i440fx-7.2</machine>
      <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
      <domain type='qemu'/>
    </arch>
    <features>
      <pae/>
      <nonpae/>
      <acpi default='on' toggle='yes'/>
      <apic default='on' toggle='no'/>
      <cpuselection/>
      <deviceboot/>
      <disksnapshot default='on' toggle='no'/>
    </features>
  </guest>

  <guest>
    <os_type>hvm</os_type>
    <arch name='ppc'>
      <wordsize>32</wordsize>
      <emulator>/usr/bin/qemu-system-ppc</emulator>
      <machine maxCpus='255'>g3beige</machine>
      <machine maxCpus='255' deprecated='yes'>40p</machine>
      <domain type='qemu'/>
    </arch>
    <features>
      <cpuselection/>
      <deviceboot/>
      <disksnapshot default='on' toggle='no'/>
    </features>
  </guest>

  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <wordsize>64</wordsize>
      <emulator>/usr/bin/qemu-system-x86_64</emulator>
      <machine maxCpus='255'>pc-i440fx-7.2</machine>
      <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
      <domain type='qemu'/>
    </arch>
    <features>
      <acpi default='on' toggle='yes'/>
      <apic default='on' toggle='no'/>
      <cpuselection/>
      <deviceboot/>
      <disksnapshot default='on' toggle='no'/>
    </features>
  </guest>

</capabilities>
`;

describe('capabilities XML', () => {
  test('has the host and one guest for each architecture that was probed', () => {
    expect(formatCapabilitiesXml(CAPABILITIES)).toBe(CAPABILITIES_XML);
  });

  test('offers KVM only where the host lets us and the emulator has it', () => {
    const guests = formatCapabilitiesXml(WITH_KVM).split('<guest>');
    expect(guests.map(guest => /<domain type='kvm'\/?>/.exec(guest)?.[0])).toEqual([
      undefined,
      undefined,
      "<domain type='kvm'/>",
      undefined,
      "<domain type='kvm'>",
    ]);
    expect(guests.at(-1)).toContain(
      "<domain type='kvm'>\n        <emulator>/usr/bin/qemu-kvm</emulator>\n        <machine maxCpus='255'>pc-i440fx-7.2",
    );
  });

  test('leaves out what is not known of a host, and features where no model is', () => {
    const xml = formatCapabilitiesXml(BARE);
    expect(xml).not.toMatch(/uuid|<model>(?!none)|feature name|<cache|bandwidth|baselabel|suspend/);
    expect(xml).toContain("<cell id='0'>\n          <memory unit='KiB'>0</memory>\n          <cpus num='1'>");
  });
});
