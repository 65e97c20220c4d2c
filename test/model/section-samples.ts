import fc from 'fast-check';

/** Parts of `<domain>` besides its devices; any of them may be there. */
export const SECTIONS: readonly string[] = [
  '<genid>0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f</genid>',
  "<metadata><app:x xmlns:app='http://example.org/x'><app:y a='&lt;'>t</app:y><app:z/></app:x></metadata>",
  "<maxMemory slots='16' unit='KiB'>1099511627776</maxMemory>",
  '<blkiotune><weight>800</weight><device><path>/dev/sda</path><weight>400</weight><read_bytes_sec>5</read_bytes_sec></device></blkiotune>',
  "<memtune><hard_limit unit='KiB'>512000</hard_limit><soft_limit unit='KiB'>128000</soft_limit><swap_hard_limit>9007199254740991</swap_hard_limit></memtune>",
  "<memoryBacking><hugepages><page size='2048' unit='KiB' nodeset='0-3'/><page size='1048576' unit='KiB'/></hugepages><nosharepages/><locked/><source type='memfd'/><access mode='shared'/><allocation mode='immediate' threads='8'/></memoryBacking>",
  "<vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/></vcpus>",
  '<iothreads>2</iothreads>',
  "<iothreadids><iothread id='1' thread_pool_min='0' thread_pool_max='60'/><iothread id='2'/></iothreadids>",
  "<defaultiothread thread_pool_min='8' thread_pool_max='16'/>",
  "<cputune><shares>2048</shares><period>1000000</period><quota>-1</quota><vcpupin vcpu='1' cpuset='1,^1,2'/><vcpupin vcpu='0' cpuset='0'/><emulatorpin cpuset='1'/><vcpusched vcpus='0-1' scheduler='fifo' priority='1'/><cachetune vcpus='0'><cache id='0' level='3' type='both' size='3' unit='MiB'/></cachetune><cachetune vcpus='1'><cache id='1' level='3' type='both' size='3' unit='MiB'/></cachetune></cputune>",
  "<numatune><memory mode='strict' nodeset='0-5,^4'/><memnode cellid='0' mode='preferred' nodeset='3'/></numatune>",
  '<resource><partition>/virtualmachines</partition></resource>',
  "<sysinfo type='smbios'><bios><entry name='vendor'>A &amp; B</entry></bios><baseBoard><entry name='asset'>C</entry></baseBoard><oemStrings><entry>x</entry></oemStrings></sysinfo>",
  '<bootloader>/usr/bin/pygrub</bootloader>',
  "<idmap><uid start='0' target='1000' count='10'/><gid start='0' target='1000' count='10'/></idmap>",
  "<features><acpi/><apic eoi='on'/><pae/><hyperv><relaxed state='on'/><spinlocks state='on' retries='8191'/><vendor_id state='on' value='v'/><stimer state='on'><direct state='on'/></stimer></hyperv><kvm><hidden state='on'/><dirty-ring state='on' size='4096'/></kvm><pmu state='off'/><vmport state='off'/><gic version='3'/><smm state='on'><tseg unit='MiB'>48</tseg></smm><ioapic driver='qemu'/><vmcoreinfo state='on'/></features>",
  "<cpu match='strict'><model>core2duo</model><vendor>Intel</vendor><topology sockets='1' cores='2' threads='1'/><cache level='3' mode='emulate'/><feature name='vmx'/><feature policy='disable' name='lm'/><numa><cell cpus='0-3' memory='1' unit='GiB' memAccess='shared'><distances><sibling id='0' value='10'/></distances></cell></numa></cpu>",
  "<clock offset='timezone' timezone='Europe/Paris'><timer name='rtc' tickpolicy='catchup' track='guest'><catchup threshold='123' slew='120' limit='10000'/></timer><timer name='pit' tickpolicy='delay'/><timer name='hpet' present='no'/><timer name='tsc' frequency='4567890000' mode='native'/></clock>",
  '<on_lockfailure>pause</on_lockfailure>',
  "<pm><suspend-to-mem enabled='no'/><suspend-to-disk enabled='yes'/></pm>",
  "<perf><event name='cmt' enabled='yes'/></perf>",
  "<seclabel type='static' model='selinux' relabel='yes'><label>system_u:system_r:svirt_t:s0:c1,c2</label></seclabel><seclabel type='none' model='dac'/>",
  "<launchSecurity type='sev'><cbitpos>47</cbitpos><reducedPhysBits>1</reducedPhysBits><policy>0x0001</policy></launchSecurity>",
  "<keywrap><cipher name='aes' state='on'/></keywrap>",
];

const NAMESPACE = "xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'";

/** The elements of QEMU's own namespace, under another prefix than the one that is printed. */
const QEMU: readonly string[] = [
  "<q:commandline><q:arg value='-unknown'/><q:arg value=''/><q:env name='A' value='b c'/><q:env name='B'/></q:commandline>",
  "<q:capabilities><q:add capability='x'/><q:del capability='y'/></q:capabilities>",
  "<q:override><q:device alias='ua-d'><q:frontend><q:property name='p' type='string' value='v'/><q:property name='r' type='remove'/></q:frontend></q:device></q:override>",
  "<q:deprecation behavior='crash'/>",
];

/** What may stand in `<os>` besides its type. */
const OS: readonly string[] = [
  "<loader readonly='yes' secure='yes' type='pflash'>/fw</loader>",
  "<nvram template='/t'>/n</nvram>",
  '<kernel>/k</kernel>',
  '<dtb>/d</dtb>',
  "<acpi><table type='slic'>/s</table></acpi>",
  "<boot dev='network'/><boot dev='hd'/>",
  "<bootmenu enable='yes' timeout='3000'/>",
  "<smbios mode='sysinfo'/>",
  "<bios useserial='yes' rebootTimeout='-1'/>",
];

/** A domain with any of its sections. */
export const arbitrarySections: fc.Arbitrary<string> = fc
  .record({sections: fc.subarray([...SECTIONS]), os: fc.subarray([...OS]), qemu: fc.subarray([...QEMU])})
  .map(
    ({sections, os, qemu}) =>
      `<domain type='kvm' ${NAMESPACE}><name>d</name><memory dumpCore='on' unit='MiB'>16</memory>
      <vcpu placement='static' cpuset='1-4' current='1'>2</vcpu><os><type arch='x86_64'>hvm</type>${os.join('')}</os>
      ${sections.join('')}<devices/>${qemu.join('')}</domain>`,
  );
