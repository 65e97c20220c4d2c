import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {HostAnswers} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import type {QemuArg} from '../../src/driver/argv/qemu-arg.ts';
import {renderArg, renderArgv} from '../../src/driver/argv/render.ts';
import {domainFromWords} from '../../src/driver/argv-parse/from-native.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {argvInput} from '../argv/live-domain.ts';
import {X86_CAPS} from '../argv/sample-caps.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';

const HOST: HostAnswers = {
  memory: {
    hugepages: [
      {pageKiB: 2048n, directory: '/dev/hugepages2M/virtty/qemu', isDefault: true},
      {pageKiB: 1048576n, directory: '/dev/hugepages1G/virtty/qemu', isDefault: false},
    ],
    files: '/var/lib/virtty/qemu/ram',
    pageKiB: 4n,
  },
};

class EveryDevice extends Set<string> {
  override has(): boolean {
    return true;
  }
}

const CAPS: EmulatorCaps = {
  ...X86_CAPS,
  devices: new EveryDevice(),
  machines: X86_CAPS.machines.map(machine => ({...machine, defaultRamId: 'pc.ram'})),
};

/** None or one of some texts. */
const one = (...texts: readonly string[]) => fc.constantFrom('', ...texts);

const backing = fc
  .tuple(
    one(
      '<hugepages/>',
      "<hugepages><page size='2048'/></hugepages>",
      "<hugepages><page size='1' unit='G' nodeset='1'/></hugepages>",
    ),
    one('<nosharepages/>'),
    one('<locked/>'),
    one("<source type='memfd'/>", "<source type='file'/>"),
    one("<access mode='shared'/>", "<access mode='private'/>"),
    one("<allocation mode='immediate'/>", "<allocation mode='immediate' threads='3'/>"),
    one('<discard/>'),
  )
  .map(parts => (parts.some(part => part !== '') ? `<memoryBacking>${parts.join('')}</memoryBacking>` : ''));

const cells = fc
  .tuple(
    one("<distances><sibling id='1' value='21'/></distances>"),
    one(
      "<cache level='1' associativity='full' policy='writethrough'><size value='10' unit='KiB'/><line value='64' unit='B'/></cache>",
    ),
    one(
      `<interconnects><latency initiator='0' target='1' type='read' value='5'/>
        <bandwidth initiator='0' target='0' cache='1' type='access' value='2048' unit='KiB'/></interconnects>`,
    ),
    one(" memAccess='private'", " memAccess='shared'", " discard='yes'"),
  )
  .map(
    ([distances, cache, links, access]) =>
      `<numa><cell id='0' cpus='0-1,3' memory='64' unit='MiB'>${distances}${cache}</cell>
        <cell id='1' cpus='2' memory='32' unit='MiB'${access}/>${links}</numa>`,
  );

const processor = fc
  .tuple(
    one(" mode='host-passthrough' migratable='on'", " mode='maximum'", " mode='custom' match='exact'"),
    one("<topology sockets='2' dies='1' cores='2' threads='1'/>"),
    one("<cache level='3' mode='emulate'/>", "<cache mode='disable'/>"),
    one("<maxphysaddr mode='emulate' bits='42'/>"),
    one("<feature policy='require' name='lahf_lm'/><feature policy='disable' name='vmx'/>"),
    fc.oneof(fc.constant(''), cells),
  )
  .map(
    ([mode, topology, cache, width, features, numa]) =>
      `<cpu${mode}>${mode.includes('custom') ? "<model fallback='allow' vendor_id='GenuineIntel'>Haswell</model>" : ''}${topology}${cache}${width}${features}${numa}</cpu>`,
  );

const features = fc
  .tuple(
    one("<apic eoi='on'/>"),
    one(
      "<hyperv mode='passthrough'/>",
      `<hyperv><relaxed state='on'/><spinlocks state='on' retries='4095'/><stimer state='on'><direct state='on'/></stimer>
        <vendor_id state='on' value='a,b'/><tlbflush state='on'/></hyperv>`,
    ),
    one("<kvm><hidden state='on'/><poll-control state='on'/><pv-ipi state='off'/></kvm>"),
    one("<pvspinlock state='off'/>", "<pvspinlock state='on'/>"),
    one("<pmu state='off'/>"),
    one("<vmport state='off'/>"),
    one("<smm state='on'><tseg unit='MiB'>48</tseg></smm>", "<smm state='off'/>"),
    one("<ioapic driver='qemu'/>"),
    one("<vmcoreinfo state='on'/>"),
    one("<tcg><tb-cache unit='MiB'>64</tb-cache></tcg>"),
  )
  .map(parts => `<features><acpi/>${parts.join('')}</features>`);

const clock = fc
  .tuple(
    one("<timer name='rtc' tickpolicy='catchup' track='guest'/>", "<timer name='rtc' track='realtime'/>"),
    one("<timer name='pit' tickpolicy='delay'/>"),
    one("<timer name='hpet' present='no'/>"),
    one("<timer name='kvmclock' present='no'/>", "<timer name='hypervclock' present='yes'/>"),
    one("<timer name='tsc' frequency='3000000000'/>"),
  )
  .map(parts => `<clock offset='utc'>${parts.join('')}</clock>`);

const rest = fc.tuple(
  one('<genid>e9392370-2917-565e-692b-d057f46512d6</genid>'),
  one("<maxMemory slots='4' unit='GiB'>1</maxMemory>"),
  one(
    "<iothreads>2</iothreads><iothreadids><iothread id='3' thread_pool_min='1' thread_pool_max='2'/><iothread id='5'/></iothreadids>",
  ),
  one("<defaultiothread thread_pool_min='8' thread_pool_max='16'/>"),
  one(
    "<numatune><memory mode='strict' nodeset='0-1'/></numatune>",
    "<numatune><memory mode='interleave' nodeset='0,2'/></numatune>",
  ),
  one(
    `<sysinfo type='smbios'><bios><entry name='vendor'>a, b</entry></bios><baseBoard><entry name='serial'>=1</entry></baseBoard>
      <oemStrings><entry>x, y</entry><entry>z</entry></oemStrings></sysinfo>`,
  ),
  one("<sysinfo type='fwcfg'><entry name='opt/a'>t,u</entry><entry name='opt/b' file='/f,1'/></sysinfo>"),
  one("<pm><suspend-to-mem enabled='no'/><suspend-to-disk enabled='yes'/></pm>"),
  one(
    "<launchSecurity type='sev' kernelHashes='yes'><cbitpos>47</cbitpos><reducedPhysBits>1</reducedPhysBits><policy>0x0003</policy></launchSecurity>",
  ),
);

const os = fc
  .tuple(
    one(
      "<loader type='rom'>/a,b</loader>",
      "<loader readonly='yes' secure='yes' type='pflash'>/code,1</loader><nvram>/vars,2</nvram>",
      "<loader readonly='yes' type='pflash' stateless='yes'>/code</loader>",
    ),
    one('<kernel>/k,1</kernel><cmdline>a=b,c "d"</cmdline><dtb>/d</dtb>'),
    one("<acpi><table type='slic'>/t,1</table></acpi>"),
    one("<bootmenu enable='yes' timeout='3000'/>"),
    one("<bios rebootTimeout='-1'/>"),
  )
  .map(parts => parts.join(''));

const devices = fc
  .tuple(
    one("<iommu model='intel'><driver intremap='on' caching_mode='on' aw_bits='48'/></iommu>"),
    one("<controller type='pci' index='0' model='pcie-root'><pcihole64 unit='GiB'>1</pcihole64></controller>"),
    one(
      `<memory model='dimm' access='shared'><source><nodemask>0</nodemask></source><target><size unit='MiB'>128</size><node>0</node></target>
        <address type='dimm' slot='0' base='0x100000000'/></memory>`,
    ),
    one(
      `<memory model='nvdimm'><source><path>/nv,1</path><alignsize unit='KiB'>2048</alignsize></source>
        <target><size unit='MiB'>64</size><node>0</node><label><size unit='KiB'>128</size></label><readonly/></target>
        <address type='dimm' slot='1'/></memory>`,
    ),
    one("<memory model='sgx-epc'><target><size unit='MiB'>32</size></target></memory>"),
  )
  .map(parts => parts.join(''));

const domain = fc
  .tuple(backing, processor, features, clock, rest, os, devices)
  .map(([memory, cpu, feature, timers, others, boot, modules]): DomainDef => {
    const more = `${memory}<vcpu>4</vcpu>${cpu}${feature}${timers}${others.join('')}`;
    const smbios = others.some(part => part.includes("'smbios'")) ? "<smbios mode='sysinfo'/>" : '';
    const type = `<os><type arch='x86_64' machine='q35'>hvm</type>${boot}${smbios}</os>`;
    return readDomain(domainXml({os: type, more, devices: modules, memory: "<memory unit='MiB'>512</memory>"}));
  });

function argsOf(def: DomainDef): readonly QemuArg[] {
  return buildArgv({...argvInput(def, CAPS), host: HOST});
}

/** Each option as one text, in any order: what was read stands in another one. */
function meaningOf(args: readonly QemuArg[]): readonly string[] {
  return args
    .map(arg => renderArg(arg).join(' '))
    .map(text => text.split(',').toSorted().join(','))
    .toSorted();
}

test('what is said of memory, processor, board and clock is read back and said again', () => {
  fc.assert(
    fc.property(domain, def => {
      const args = argsOf(def);
      const {def: read, problems} = domainFromWords(['/usr/bin/qemu-system-x86_64', ...renderArgv(args)]);
      expect(problems).toEqual([]);
      expect(read && meaningOf(argsOf(read))).toEqual(meaningOf(args));
    }),
    {numRuns: 300},
  );
});
