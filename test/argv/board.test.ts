import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import type {HostAnswers} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {buildEnvironment} from '../../src/driver/argv/environment.ts';
import {launchFiles} from '../../src/driver/argv/launch-security-args.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {type DomainParts, domainXml, readDomain} from '../model/read-domain.ts';
import {argvInput, NOW_MS} from './live-domain.ts';
import {X86_CAPS} from './sample-caps.ts';

interface Case extends DomainParts {
  readonly caps?: EmulatorCaps;
  readonly host?: HostAnswers;
  readonly machine?: string;
  readonly arch?: string;
  readonly inOs?: string;
}

const CAPS: EmulatorCaps = {...X86_CAPS, devices: new Set([...X86_CAPS.devices, 'vmgenid', 'vmcoreinfo'])};

function inputOf({caps = CAPS, host, machine = 'q35', arch = 'x86_64', inOs = '', ...parts}: Case) {
  const os = `<os><type arch='${arch}' machine='${machine}'>hvm</type>${inOs}</os>`;
  return {...argvInput(readDomain(domainXml({os, ...parts})), caps), ...(host ? {host} : {})};
}

/** The values of an option, in order. */
function valuesOf(flag: string, given: Case): readonly string[] {
  const words = renderArgv(buildArgv(inputOf(given)));
  return words.filter((_, index) => words[index - 1] === flag);
}

const KVM = "type='kvm'";
const without = (...flags: readonly string[]): EmulatorCaps => ({
  ...CAPS,
  flags: new Set([...CAPS.flags].filter(flag => !flags.includes(flag))),
});

function refusal(given: Case): VirtError {
  try {
    buildArgv(inputOf(given));
  } catch (error) {
    if (error instanceof VirtError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test.each([
  ["<cpu mode='host-passthrough' migratable='on'/>", 'host,migratable=on'],
  ["<cpu mode='maximum'><cache mode='disable'/></cpu>", 'max,host-cache-info=off,l3-cache=off'],
  ["<cpu mode='host-passthrough'><cache mode='passthrough'/></cpu>", 'host,host-cache-info=on,l3-cache=off'],
  ['<cpu><model>Haswell</model><cache level="3" mode="emulate"/></cpu>', 'Haswell,l3-cache=on'],
  ["<cpu><model vendor_id='GenuineIntel'>Haswell</model></cpu>", 'Haswell,vendor=GenuineIntel'],
  ["<cpu mode='host-passthrough'><maxphysaddr mode='passthrough'/></cpu>", 'host,host-phys-bits=on'],
  ["<cpu mode='host-passthrough'><maxphysaddr mode='emulate' bits='42'/></cpu>", 'host,phys-bits=42'],
  [
    `<cpu><model>m</model><feature policy='force' name='a_b'/><feature policy='require' name='pclmuldq'/>
      <feature policy='optional' name='c'/><feature policy='disable' name='d'/><feature policy='forbid' name='e'/></cpu>`,
    'm,a-b=on,pclmulqdq=on,d=off,e=off',
  ],
  [
    `<features><hyperv mode='passthrough'/><kvm><hidden state='on'/><hint-dedicated state='on'/><pv-ipi state='off'/></kvm>
      <pvspinlock state='off'/><pmu state='off'/></features>`,
    'qemu64,kvm-pv-unhalt=off,pmu=off,hv-passthrough=on,kvm=off,kvm-hint-dedicated=on,kvm-pv-ipi=off',
  ],
  [
    `<features><hyperv><relaxed state='on'/><vapic state='off'/><spinlocks state='on' retries='8191'/>
      <stimer state='on'><direct state='on'/></stimer><vendor_id state='on' value='a,b'/></hyperv></features>`,
    'qemu64,hv-relaxed=on,hv-spinlocks=0x1fff,hv-stimer=on,hv-stimer-direct=on,hv-vendor-id=a,,b',
  ],
  [
    "<clock offset='utc'><timer name='tsc' frequency='1000'/><timer name='hypervclock' present='yes'/><timer name='kvmclock' present='no'/></clock>",
    'qemu64,tsc-frequency=1000,hv-time=on,kvmclock=off',
  ],
])('%s is -cpu %s', (more, expected) => {
  expect(valuesOf('-cpu', {more})).toEqual([expected]);
});

test('the state of a guest comes from where the driver says', () => {
  const settings = {migrateFrom: 'tcp:10.0.0.1:5000'};
  const words = renderArgv(buildArgv({...inputOf({}), settings}));
  expect(words[words.indexOf('-incoming') + 1]).toBe('tcp:10.0.0.1:5000');
});

test('an emulator that leaves nothing out of a processor has none that can move', () => {
  const caps = without('cpu-migratable');
  const cpu = (migratable: string) => `<cpu mode='host-passthrough' migratable='${migratable}'/>`;
  expect(valuesOf('-cpu', {more: cpu('off'), caps})).toEqual(['host']);
  expect(refusal({more: cpu('on'), caps}).message).toContain('a processor of the host that can move');
});

test('a host-model of which nobody knows what it is, is refused', () => {
  expect(refusal({more: "<cpu mode='host-model'/>"}).message).toContain("a processor like the host's");
  const power = {arch: 'ppc64', machine: 'pseries', more: "<cpu mode='host-model'><model>POWER9</model></cpu>"};
  expect(valuesOf('-cpu', power)).toEqual(['host,compat=power9']);
});

test('an accelerator with options has an option of its own, which old emulators lack', () => {
  const ring = {attributes: KVM, more: "<features><kvm><dirty-ring state='on' size='4096'/></kvm></features>"};
  expect(valuesOf('-accel', ring)).toEqual(['kvm,dirty-ring-size=4096']);
  expect(valuesOf('-machine', ring)[0]).not.toContain('accel=');
  const cache = {more: "<features><tcg><tb-cache unit='MiB'>128</tb-cache></tcg></features>"};
  expect(valuesOf('-accel', cache)).toEqual(['tcg,tb-size=128']);
  expect(refusal({...cache, caps: without('accel-option')}).message).toContain('has no -accel to give tb-size with');
});

test('features of a pSeries board', () => {
  const more = `<features><hpt resizing='required'><maxpagesize unit='KiB'>64</maxpagesize></hpt><htm state='on'/>
    <nested-hv state='off'/><ccf-assist state='on'/><cfpc value='fixed'/><sbbc value='broken'/><ibs value='workaround'/></features>`;
  expect(valuesOf('-machine', {arch: 'ppc64', machine: 'pseries', more})[0]).toContain(
    'resize-hpt=required,cap-hpt-max-page-size=64k,cap-htm=on,cap-nested-hv=off,cap-ccf-assist=on,cap-cfpc=fixed,cap-sbbc=broken,cap-ibs=workaround',
  );
});

test('features of boards of other architectures', () => {
  const arm = {
    arch: 'aarch64',
    machine: 'virt',
    more: "<features><gic version='3'/></features>",
    devices: "<iommu model='smmuv3'/>",
  };
  expect(valuesOf('-machine', arm)[0]).toContain('gic-version=3,iommu=smmuv3');
  const keys = {
    arch: 's390x',
    machine: 's390-ccw-virtio',
    more: "<keywrap><cipher name='aes' state='on'/><cipher name='dea' state='off'/></keywrap>",
  };
  expect(valuesOf('-machine', keys)[0]).toContain('aes-key-wrap=on,dea-key-wrap=off');
});

test('a timer that is off is a property of the board, or an option of old', () => {
  const more = "<clock offset='utc'><timer name='hpet' present='no'/></clock>";
  expect(valuesOf('-machine', {more})[0]).toContain('hpet=off');
  expect(renderArgv(buildArgv(inputOf({more, caps: without('machine-hpet')})))).toContain('-no-hpet');
});

test.each([
  ["<clock offset='localtime'/>", 'base=localtime'],
  ["<clock offset='timezone' timezone='Europe/Paris'/>", 'base=localtime'],
  ["<clock offset='localtime' adjustment='60'/>", 'base=2026-01-02T04:05:05'],
  ["<clock offset='utc' adjustment='60'/>", 'base=2026-01-02T03:05:05'],
  ["<clock offset='utc' adjustment='reset'/>", 'base=utc'],
  ["<clock offset='variable' adjustment='-60' basis='localtime'/>", 'base=2026-01-02T04:03:05'],
  [
    "<clock offset='utc'><timer name='rtc' track='wall' tickpolicy='catchup'/></clock>",
    'base=utc,clock=host,driftfix=slew',
  ],
])('%s is -rtc %s', (more, expected) => {
  expect(new Date(NOW_MS).toISOString()).toMatch(/^2026-01-02T03:04:05/);
  expect(valuesOf('-rtc', {more, host: {utcOffsetMs: 3_600_000}})).toEqual([expected]);
});

test('the zone of a clock is in the environment, and a clock that began at the boot of the host is refused', () => {
  const {def} = inputOf({more: "<clock offset='timezone' timezone='Europe/Paris'/>"});
  expect(buildEnvironment({def})).toMatchObject({TZ: 'Europe/Paris'});
  const boot = "<clock offset='utc'><timer name='rtc' track='boot'/></clock>";
  expect(refusal({more: boot}).message).toContain("track='boot'");
  const late = (start: string) => ({more: `<clock offset='absolute' start='${start}'/>`});
  expect(valuesOf('-rtc', late('253402300799'))).toEqual(['base=9999-12-31T23:59:59']);
  expect(refusal(late('253402300800')).message).toContain('year 9999');
});

const ROOT = (more: string, model: string) => `<controller type='pci' index='0' model='${model}'>${more}</controller>`;
const HOLE = "<pcihole64 unit='GiB'>1</pcihole64>";

test.each([
  ['q35', ROOT(HOLE, 'pcie-root'), ['q35-pcihost.pci-hole64-size=1048576K']],
  ['pc', ROOT(HOLE, 'pci-root'), ['i440FX-pcihost.pci-hole64-size=1048576K']],
  ['pc', ROOT("<target hotplug='off'/>", 'pci-root'), ['PIIX4_PM.acpi-root-pci-hotplug=off']],
  ['q35', ROOT("<target hotplug='off'/>", 'pcie-root'), []],
])('the root of a %s with %s', (machine, devices, expected) => {
  expect(valuesOf('-global', {machine, devices})).toEqual(expected);
});

test('nothing can be plugged into the root of a PCIe board', () => {
  expect(refusal({devices: ROOT("<target hotplug='on'/>", 'pcie-root')}).message).toContain('pcie-root');
});

test('the flash of a secure firmware, its memory, and two chips', () => {
  const inOs = "<loader readonly='yes' secure='yes' type='pflash'>/code</loader><nvram>/vars</nvram>";
  const given = {inOs, more: "<features><acpi/><smm state='on'><tseg unit='MiB'>48</tseg></smm></features>"};
  expect(valuesOf('-global', given)).toEqual([
    'driver=cfi.pflash01,property=secure,value=on',
    'mch.extended-tseg-mbytes=48',
  ]);
  expect(valuesOf('-machine', given)[0]).toContain('smm=on,pflash0=pflash0-format,pflash1=pflash1-format');
  const stateless = {inOs: "<loader readonly='yes' stateless='yes' type='pflash'>/code</loader><nvram>/vars</nvram>"};
  expect(valuesOf('-machine', stateless)[0]).not.toContain('pflash1');
});

test('firmware that nobody has chosen is refused', () => {
  const os = "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>";
  const input = argvInput(readDomain(domainXml({os})), CAPS);
  expect(() => buildArgv(input)).toThrow("<os firmware='efi'> leaves the choice to the driver");
});

const SYSINFO = `<sysinfo type='smbios'><bios><entry name='vendor'>a,b</entry></bios><system><entry name='sku'>s</entry></system>
  <baseBoard><entry name='asset'>x</entry></baseBoard><chassis><entry name='serial'>=</entry></chassis>
  <oemStrings><entry>one, two</entry><entry>three</entry></oemStrings></sysinfo>`;

test('SMBIOS tables are the definition’s, the host’s without its UUID, or the emulator’s', () => {
  const own = {more: SYSINFO, inOs: "<smbios mode='sysinfo'/>"};
  expect(valuesOf('-smbios', own)).toEqual([
    'type=0,vendor=a,,b',
    'type=1,sku=s',
    'type=2,asset=x',
    'type=3,serial==',
    'type=11,value=one,, two,value=three',
  ]);
  expect(valuesOf('-smbios', {more: SYSINFO, inOs: "<smbios mode='emulate'/>"})).toEqual([]);
  const smbios = {bios: {vendor: 'V'}, system: {uuid: 'U', product: 'P'}, baseBoard: {}, chassis: {}};
  const host = {inOs: "<smbios mode='host'/>"};
  expect(valuesOf('-smbios', {...host, host: {smbios}})).toEqual(['type=0,vendor=V', 'type=1,product=P']);
  expect(refusal(host).message).toContain('/sys/class/dmi/id has none');
  expect(refusal({inOs: "<smbios mode='sysinfo'/>"}).message).toContain("needs <sysinfo type='smbios'>");
});

test('files of the firmware, tables of ACPI, a device tree', () => {
  const more = "<sysinfo type='fwcfg'><entry name='opt/a'>x, y</entry><entry name='opt/b' file='/f,1'/></sysinfo>";
  expect(valuesOf('-fw_cfg', {more})).toEqual(['name=opt/a,string=x,, y', 'name=opt/b,file=/f,,1']);
  const inOs = "<kernel>/k</kernel><dtb>/d,tb</dtb><acpi><table type='slic'>/t,1</table></acpi>";
  expect(valuesOf('-acpitable', {inOs})).toEqual(['sig=SLIC,file=/t,,1']);
  expect(valuesOf('-dtb', {inOs})).toEqual(['/d,tb']);
});

test('threads for I/O have pools where the emulator knows them', () => {
  const more = `<iothreads>2</iothreads><iothreadids><iothread id='4' thread_pool_min='0' thread_pool_max='8'/></iothreadids>
    <defaultiothread thread_pool_max='16'/>`;
  expect(valuesOf('-object', {more})).toEqual([
    '{"qom-type":"iothread","id":"iothread4","thread-pool-min":0,"thread-pool-max":8}',
    '{"qom-type":"iothread","id":"iothread1"}',
    '{"qom-type":"main-loop","id":"main-loop","thread-pool-max":16}',
  ]);
  expect(refusal({more, caps: without('iothread-pool')}).message).toContain('pool');
  expect(refusal({more: "<defaultiothread thread_pool_max='1'/>", caps: without('main-loop')}).message).toContain(
    '<defaultiothread>',
  );
});

const SEV = `<launchSecurity type='sev' kernelHashes='yes'><cbitpos>47</cbitpos><reducedPhysBits>1</reducedPhysBits>
  <policy>0x0001</policy><dhCert>AQAA</dhCert><session>AQAB</session></launchSecurity>`;

test('memory that is hidden from the host, with files for its owner’s keys', () => {
  expect(valuesOf('-machine', {attributes: KVM, more: SEV})[0]).toContain('confidential-guest-support=lsec0');
  expect(valuesOf('-object', {attributes: KVM, more: SEV})).toEqual([
    '{"qom-type":"sev-guest","id":"lsec0","cbitpos":47,"reduced-phys-bits":1,"policy":1,"dh-cert-file":"/run/demo/dh_cert.base64","session-file":"/run/demo/session.base64","kernel-hashes":true}',
  ]);
  expect(launchFiles(inputOf({more: SEV}))).toEqual([
    {path: '/run/demo/dh_cert.base64', text: 'AQAA'},
    {path: '/run/demo/session.base64', text: 'AQAB'},
  ]);
  expect(refusal({more: SEV.replace('<cbitpos>47</cbitpos>', '')}).message).toContain('<cbitpos>');
  const pv = {arch: 's390x', machine: 's390-ccw-virtio', more: "<launchSecurity type='s390-pv'/>"};
  expect(valuesOf('-object', pv)).toEqual(['{"qom-type":"s390-pv-guest","id":"lsec0"}']);
});

const NS = "type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

test('the words of its own namespace: compatibility, capabilities, overrides', () => {
  const deprecation = (behavior: string) => ({attributes: NS, more: `<qemu:deprecation behavior='${behavior}'/>`});
  expect(valuesOf('-compat', deprecation('omit'))).toEqual(['{"deprecated-output":"hide"}']);
  expect(valuesOf('-compat', deprecation('crash'))).toEqual([
    '{"deprecated-output":"hide","deprecated-input":"crash"}',
  ]);
  expect(valuesOf('-compat', deprecation('none'))).toEqual([]);
  expect(refusal({...deprecation('reject'), caps: without('compat')}).message).toContain('<qemu:deprecation>');
  const properties = `<qemu:property name='guid' type='remove'/><qemu:property name='a' type='string' value='x,y'/>
    <qemu:property name='b' type='signed' value='-3'/><qemu:property name='c' type='bool' value='false'/>`;
  const override = `<qemu:override><qemu:device alias='vmgenid0'><qemu:frontend>${properties}</qemu:frontend></qemu:device></qemu:override>`;
  const more = `<genid>e9392370-2917-565e-692b-d057f46512d6</genid>${override}`;
  expect(valuesOf('-device', {attributes: NS, more})).toEqual(['vmgenid,id=vmgenid0,a=x,,y,b=-3,c=off']);
  const less = "<qemu:capabilities><qemu:del capability='seccomp-blacklist'/></qemu:capabilities>";
  expect(valuesOf('-sandbox', {attributes: NS, more: less})).toEqual([]);
});

test.each([
  ["<vcpu current='2'>8</vcpu>", '2,maxcpus=8,sockets=8,cores=1,threads=1'],
  [
    "<vcpu>8</vcpu><cpu><topology sockets='2' dies='2' cores='2' threads='1'/></cpu>",
    '8,sockets=2,dies=2,cores=2,threads=1',
  ],
  [
    "<vcpu current='2'>2</vcpu><vcpus><vcpu id='0' enabled='yes' hotpluggable='no'/><vcpu id='1' enabled='yes' hotpluggable='yes'/></vcpus>",
    '1,maxcpus=2,sockets=2,cores=1,threads=1',
  ],
])('%s is -smp %s', (more, expected) => {
  expect(valuesOf('-smp', {more})).toEqual([expected]);
});
