import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {beforeAll, describe, expect, test} from 'vitest';
import {memoryFolders} from '../../src/driver/argv/memory/memory-pieces.ts';
import {askHostCpu} from '../../src/driver/emulators/ask-host-cpu.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {plugVcpus} from '../../src/driver/plug-vcpus.ts';
import {resolveDomain} from '../../src/driver/resolve-domain.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import type {QmpClient} from '../../src/monitor/qmp-client.ts';
import {asArray, isQmpObject} from '../../src/monitor/qmp-json.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {argvInput} from './live-domain.ts';
import {withEmulator} from './run-emulator.ts';

const X86 = '/usr/bin/qemu-system-x86_64';
const SMALL = "<memory unit='MiB'>64</memory>";

/** What a definition says besides its name, its board and its memory. */
interface Parts {
  readonly machine?: string;
  readonly os?: string;
  readonly memory?: string;
  readonly more?: string;
  readonly devices?: string;
  readonly attributes?: string;
  readonly after?: string;
}

describe.skipIf(!existsSync(X86))('QEMU takes (needs qemu-system-x86_64)', () => {
  let caps: EmulatorCaps;
  beforeAll(async () => {
    const probed = await probeEmulator(X86);
    if (probed.status !== 'ok') throw new Error(probed.why);
    caps = probed.caps;
  });

  /** Starts the emulator with a definition; `DIR` in it is a folder of the test with a file of 64 MiB in it. */
  async function take(parts: Parts, use: (monitor: QmpClient) => Promise<unknown> = async () => {}): Promise<void> {
    const {machine = 'q35', os = '', memory = SMALL, more = '', devices = ''} = parts;
    await withTempRoot(async root => {
      await writeFile(root.join('memory'), Buffer.alloc(64 << 20));
      await writeFile(root.join('small'), 'SLIC'.padEnd(64, 'x'));
      const type = `<os><type arch='x86_64' machine='${machine}'>hvm</type>${os}</os>`;
      const attributes = {...(parts.attributes === undefined ? {} : {attributes: parts.attributes})};
      const text = domainXml({os: type, memory, more, devices, ...attributes}).replaceAll('DIR', root.path);
      const read = readDomain(text.replace('</domain>', `${parts.after ?? ''}</domain>`));
      const hostCpu = await askHostCpu({path: X86, arch: 'x86_64', accelerator: 'tcg'});
      const def = resolveDomain(read, {caps, hostCpu, nvramDir: root.join('nvram')});
      const host = {memory: {hugepages: [], files: root.join('ram'), pageKiB: 4n}};
      for (const folder of memoryFolders({...argvInput(def, caps), host})) await mkdir(folder, {recursive: true});
      await withEmulator({def, path: X86, caps, runDir: root.path, host}, async monitor => {
        expect(await monitor.execute('query-status')).toMatchObject({running: false});
        await plugVcpus(monitor, def);
        await use(monitor);
      });
    });
  }

  const returned = async (monitor: QmpClient, command: string) =>
    (asArray(await monitor.execute(command)) ?? []).filter(isQmpObject);

  test.each([
    ["<source type='memfd'/><access mode='shared'/>", {share: true}],
    ["<source type='file'/><access mode='shared'/><discard/>", {share: true}],
    ["<access mode='private'/><nosharepages/>", {share: false}],
    ["<allocation mode='immediate' threads='2'/>", {prealloc: true}],
  ])('memory of a board with %s', async (backing, expected) => {
    await take({more: `<memoryBacking>${backing}</memoryBacking>`}, async monitor => {
      const [board] = await returned(monitor, 'query-memdev');
      expect(board).toMatchObject({id: 'pc.ram', size: 64 << 20, ...expected});
    });
  });

  test('nodes of the host, preallocated near them', async () => {
    const more = `<memoryBacking><allocation mode='immediate'/></memoryBacking>
      <numatune><memory mode='strict' nodeset='0'/></numatune>`;
    await take({more}, async monitor => {
      expect(await returned(monitor, 'query-memdev')).toMatchObject([
        {'host-nodes': [0], policy: 'bind', prealloc: true},
      ]);
    });
  });

  test('NUMA cells with distances, caches and links, and processors in them', async () => {
    const cells = `<cell id='0' cpus='0-1' memory='32' unit='MiB'><distances><sibling id='1' value='21'/></distances>
        <cache level='1' associativity='direct' policy='writeback'><size value='10' unit='KiB'/><line value='8' unit='B'/></cache></cell>
      <cell id='1' cpus='2-3' memory='32' unit='MiB' memAccess='shared' discard='yes'/><cell id='2' memory='16' unit='MiB'/>`;
    const links = `<latency initiator='0' target='0' type='access' value='5'/>
      <latency initiator='1' target='2' type='access' value='20'/>
      <latency initiator='0' target='0' cache='1' type='access' value='2'/>
      <bandwidth initiator='0' target='0' type='access' value='204800' unit='KiB'/>`;
    const cpu = `<cpu><topology sockets='2' dies='1' cores='2' threads='1'/><numa>${cells}<interconnects>${links}</interconnects></numa></cpu>`;
    await take({more: `<vcpu>4</vcpu><features><acpi/></features>${cpu}`}, async monitor => {
      expect(await returned(monitor, 'query-memdev')).toHaveLength(3);
      const cpus = await returned(monitor, 'query-hotpluggable-cpus');
      expect(cpus.map(({props}) => (isQmpObject(props) ? props['node-id'] : undefined)).toSorted()).toEqual([
        0, 0, 1, 1,
      ]);
    });
  });

  test('an old board whose memory its cells share out', async () => {
    const cells = "<cell id='0' cpus='0' memory='32' unit='MiB'/><cell id='1' cpus='1' memory='16' unit='MiB'/>";
    const more = `<vcpu>2</vcpu><cpu><numa>${cells}</numa></cpu>`;
    await take({machine: 'pc-i440fx-5.0', more}, async monitor => {
      // The memory is the board's own, as before a guest was moved here.
      expect(await returned(monitor, 'query-memdev')).toMatchObject([{id: 'pc.ram', size: 48 << 20}]);
    });
  });

  test('modules of every model that software emulation has', async () => {
    const devices = `
      <memory model='dimm'><target><size unit='MiB'>128</size><node>0</node></target><address type='dimm' slot='1' base='0x140000000'/></memory>
      <memory model='dimm' access='shared'><target><size unit='MiB'>128</size><node>0</node></target></memory>
      <memory model='nvdimm' access='shared'><source><path>DIR/memory</path></source><target><size unit='MiB'>64</size><node>0</node><label><size unit='KiB'>128</size></label></target></memory>
      <memory model='virtio-pmem' access='shared'><source><path>DIR/memory</path></source><target><size unit='MiB'>64</size></target></memory>
      <memory model='virtio-mem'><target><size unit='MiB'>64</size><node>0</node><block unit='KiB'>2048</block><requested unit='MiB'>32</requested></target></memory>`;
    const numa = "<cpu><numa><cell id='0' cpus='0' memory='64' unit='MiB'/></numa></cpu>";
    const more = `<maxMemory slots='8' unit='GiB'>2</maxMemory><features><acpi/></features>${numa}`;
    await take({more, devices, memory: "<memory unit='MiB'>512</memory>"}, async monitor => {
      const found = await returned(monitor, 'query-memory-devices');
      const ids = found.map(({data}) => (isQmpObject(data) ? data.id : undefined));
      expect(ids.toSorted()).toEqual(['dimm0', 'dimm1', 'nvdimm0', 'virtiomem0', 'virtiopmem0']);
    });
  });

  test('processors that are plugged in before the guest runs', async () => {
    const vcpus = `<vcpu current='2'>4</vcpu><vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>
      <vcpu id='1' enabled='no' hotpluggable='yes'/><vcpu id='2' enabled='yes' hotpluggable='yes' order='2'/>
      <vcpu id='3' enabled='no' hotpluggable='yes'/></vcpus>`;
    const more = `${vcpus}<cpu><topology sockets='2' dies='1' cores='2' threads='1'/></cpu>`;
    await take({more}, async monitor => {
      const places = await returned(monitor, 'query-hotpluggable-cpus');
      const taken = places.filter(place => place['qom-path'] !== undefined);
      expect(taken.map(({props}) => (isQmpObject(props) ? props['socket-id'] : undefined)).toSorted()).toEqual([0, 1]);
      expect(taken.map(place => place['qom-path'])).toContain('/machine/peripheral/vcpu2');
    });
  });

  test.each<[string, Parts]>([
    ['a processor like the best of this emulator', {more: "<cpu mode='host-model'/>"}],
    ['the best of this emulator itself', {more: "<cpu mode='maximum'><feature policy='disable' name='la57'/></cpu>"}],
    [
      'a named processor with features, caches and width',
      {
        more: `<cpu mode='custom'><model vendor_id='GenuineIntel'>Haswell</model><cache level='3' mode='emulate'/>
          <maxphysaddr mode='emulate' bits='42'/><feature policy='require' name='lahf_lm'/>
          <feature policy='forbid' name='rtm'/><feature policy='optional' name='hle'/></cpu>`,
      },
    ],
    ['a cache of translated code', {more: "<features><tcg><tb-cache unit='MiB'>64</tb-cache></tcg></features>"}],
    [
      'a board with SMM memory, a hole for devices, tables and core dumps',
      {
        more: `<features><acpi/><smm state='on'><tseg unit='MiB'>48</tseg></smm><vmport state='off'/><vmcoreinfo/>
          <pmu state='off'/></features><genid>e9392370-2917-565e-692b-d057f46512d6</genid>
          <clock offset='localtime' adjustment='60'><timer name='rtc' tickpolicy='catchup' track='guest'/>
          <timer name='hpet' present='no'/></clock><pm><suspend-to-mem enabled='yes'/><suspend-to-disk enabled='no'/></pm>`,
        devices: "<controller type='pci' index='0' model='pcie-root'><pcihole64 unit='GiB'>1</pcihole64></controller>",
        os: "<bios rebootTimeout='-1'/><bootmenu enable='yes' timeout='100'/>",
      },
    ],
    [
      'an older PC whose root takes nothing while it runs',
      {
        machine: 'pc',
        devices: "<controller type='pci' index='0' model='pci-root'><target hotplug='off'/></controller>",
      },
    ],
    [
      'SMBIOS tables and files of the firmware',
      {
        os: "<smbios mode='sysinfo'/><acpi><table type='slic'>DIR/small</table></acpi>",
        more: `<features><acpi/></features><sysinfo type='smbios'><bios><entry name='vendor'>A, B=c</entry><entry name='release'>1.2</entry></bios>
          <system><entry name='product'>P</entry><entry name='sku'>-s</entry></system>
          <baseBoard><entry name='product'>B</entry><entry name='location'>l</entry></baseBoard>
          <chassis><entry name='asset'>1</entry></chassis><oemStrings><entry>x, y</entry><entry>=z</entry></oemStrings></sysinfo>
          <sysinfo type='fwcfg'><entry name='opt/a'>some, text</entry><entry name='opt/b' file='DIR/small'/></sysinfo>`,
      },
    ],
    [
      'threads for I/O with pools, and the pool of the emulator’s own',
      {
        more: `<iothreads>3</iothreads><iothreadids><iothread id='4' thread_pool_min='1' thread_pool_max='8'/></iothreadids>
          <defaultiothread thread_pool_min='2' thread_pool_max='16'/>`,
      },
    ],
    [
      'bridges and ports of every model',
      {
        devices: `<controller type='pci' index='0' model='pcie-root'/>
          <controller type='pci' index='1' model='pcie-root-port'><target chassis='1' port='0x8' hotplug='off'/><address type='pci' slot='1'/></controller>
          <controller type='pci' index='2' model='pcie-switch-upstream-port'><address type='pci' bus='1'/></controller>
          <controller type='pci' index='3' model='pcie-switch-downstream-port'><target chassis='3' port='1' hotplug='on'/><address type='pci' bus='2' slot='1'/></controller>
          <controller type='pci' index='4' model='dmi-to-pci-bridge'><address type='pci' slot='0x1e'/></controller>
          <controller type='pci' index='5' model='pci-bridge'><target chassisNr='5'/><address type='pci' bus='4' slot='1'/></controller>
          <controller type='pci' index='6' model='pcie-expander-bus'><target busNr='180'/><address type='pci' slot='5'/></controller>
          <controller type='pci' index='7' model='pcie-to-pci-bridge'><address type='pci' bus='3'/></controller>`,
      },
    ],
    [
      'an IOMMU, the words of its own namespace, and overrides',
      {
        attributes: "type='qemu' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'",
        devices:
          "<iommu model='intel'><driver intremap='off' caching_mode='on' aw_bits='48'/></iommu><panic model='isa'/>",
        after: `<q:commandline><q:arg value='-boot'/><q:arg value='menu=on'/></q:commandline>
          <q:override><q:device alias='iommu0'><q:frontend><q:property name='aw-bits' type='unsigned' value='39'/>
          <q:property name='snoop-control' type='bool' value='true'/></q:frontend></q:device></q:override>
          <q:deprecation behavior='omit'/>`,
      },
    ],
    // The cache of translated code is locked as well, and is a gigabyte when nothing is said.
    [
      'locked memory',
      {
        more: '<memoryBacking><locked/></memoryBacking><features><tcg><tb-cache unit="MiB">32</tb-cache></tcg></features>',
        memory: "<memory unit='MiB'>16</memory>",
      },
    ],
  ])('%s', async (_what, parts) => {
    await take(parts);
  });

  test('UEFI in two chips of flash, protected by SMM', async () => {
    const [code, template] = ['/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'];
    if (!existsSync(code) || !existsSync(template)) return;
    const os = `<loader readonly='yes' secure='yes' type='pflash'>${code}</loader><nvram>${template}</nvram>`;
    await take({os, more: "<features><acpi/><smm state='on'/></features>"}, async monitor => {
      const nodes = await returned(monitor, 'query-named-block-nodes');
      expect(nodes.map(node => node['node-name'])).toContain('pflash1-format');
    });
  });
});
