import {expect, test} from 'vitest';
import {VirtError} from '../../src/base/virt-error.ts';
import type {HostAnswers} from '../../src/driver/argv/argv-input.ts';
import {buildArgv} from '../../src/driver/argv/build-argv.ts';
import {memoryFolders} from '../../src/driver/argv/memory/memory-pieces.ts';
import {renderArgv} from '../../src/driver/argv/render.ts';
import type {EmulatorCaps} from '../../src/model/capabilities.ts';
import {domainXml, readDomain} from '../model/read-domain.ts';
import {argvInput} from './live-domain.ts';
import {PLAIN_CAPS, X86_CAPS} from './sample-caps.ts';

const HOST: HostAnswers = {
  memory: {
    hugepages: [
      {pageKiB: 2048n, directory: '/huge/2m/own', isDefault: true},
      {pageKiB: 1048576n, directory: '/huge/1g/own', isDefault: false},
    ],
    files: '/files',
    pageKiB: 4n,
  },
};

const CAPS: EmulatorCaps = {
  ...X86_CAPS,
  devices: new Set([...X86_CAPS.devices, 'pc-dimm', 'nvdimm', 'virtio-mem-pci', 'virtio-pmem-pci']),
  machines: X86_CAPS.machines.map(machine => ({...machine, defaultRamId: 'pc.ram'})),
};

interface Case {
  readonly caps?: EmulatorCaps;
  readonly host?: HostAnswers;
  readonly devices?: string;
  readonly memory?: string;
}

function inputOf(more: string, {caps = CAPS, host = HOST, devices = '', memory}: Case = {}) {
  const os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
  return {...argvInput(readDomain(domainXml({os, more, devices, ...(memory ? {memory} : {})})), caps), host};
}

/** The words of some options, in their order. */
function optionsOf(more: string, flags: readonly string[], given?: Case): readonly string[] {
  const words = renderArgv(buildArgv(inputOf(more, given)));
  return words.filter((_, index) => flags.includes(words[index - 1] ?? ''));
}

/** The properties of the objects, without those that are for threads. */
function objectsOf(more: string, given?: Case): readonly Record<string, unknown>[] {
  return optionsOf(more, ['-object'], given)
    .map(text => JSON.parse(text))
    .filter(object => object['qom-type'] !== 'thread-context');
}

const NUMA = `<vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0' memory='32' unit='MiB'/>
  <cell id='1' cpus='1' memory='32' unit='MiB' memAccess='private'/></numa></cpu>`;

test.each([
  ['<memory unit="KiB">219200</memory>', '', '215'],
  ['<memory unit="KiB">219136</memory>', '', '214'],
  // The cells count, each in whole MiB.
  [
    '<memory unit="KiB">20002</memory>',
    "<cpu><numa><cell cpus='0' memory='1'/><cell memory='1025'/></numa></cpu>",
    '3',
  ],
  [
    '<memory unit="MiB">64</memory>',
    "<maxMemory slots='2' unit='KiB'>100001</maxMemory>",
    'size=65536k,slots=2,maxmem=100352k',
  ],
])('%s and %s is -m %s', (memory, more, size) => {
  expect(optionsOf(more, ['-m'], {memory})).toEqual([size]);
});

/** A board of before QEMU 5.1. */
const OLD_BOARD: EmulatorCaps = {...CAPS, machines: CAPS.machines.map(machine => ({...machine, numaMem: true}))};

test('an old board shares plain memory out by size, and a new one by backends', () => {
  const numa = NUMA.replace(" memAccess='private'", '');
  expect(optionsOf(numa, ['-numa'], {caps: OLD_BOARD})).toEqual([
    'node,nodeid=0,cpus=0,mem=32',
    'node,nodeid=1,cpus=1,mem=32',
  ]);
  expect(objectsOf(numa, {caps: OLD_BOARD})).toEqual([]);
  expect(optionsOf(numa, ['-numa'])).toEqual([
    'node,nodeid=0,cpus=0,memdev=ram-node0',
    'node,nodeid=1,cpus=1,memdev=ram-node1',
  ]);
  // Both ways at once are none that QEMU takes.
  expect(optionsOf(NUMA, ['-numa'], {caps: OLD_BOARD})).toEqual(optionsOf(NUMA, ['-numa']));
});

test('memory that is nothing special needs no backend', () => {
  expect(objectsOf('')).toEqual([]);
  expect(objectsOf("<memoryBacking><source type='anonymous'/></memoryBacking>")).toEqual([]);
  expect(optionsOf('', ['-machine'])[0]).not.toContain('memory-backend');
});

test.each([
  ["<source type='memfd'/>", {'qom-type': 'memory-backend-memfd'}],
  ["<source type='file'/><discard/>", {'mem-path': '/files/-1-demo/pc.ram', 'discard-data': true}],
  ["<access mode='shared'/>", {'qom-type': 'memory-backend-file', share: true}],
  [
    "<allocation mode='immediate' threads='4'/>",
    {'qom-type': 'memory-backend-ram', prealloc: true, 'prealloc-threads': 4},
  ],
  ['<hugepages/>', {'mem-path': '/huge/2m/own/-1-demo', prealloc: true}],
  ["<hugepages><page size='1' unit='G'/></hugepages>", {'mem-path': '/huge/1g/own/-1-demo'}],
  [
    "<hugepages><page size='1' unit='G'/></hugepages><source type='memfd'/>",
    {'qom-type': 'memory-backend-memfd', hugetlb: true, hugetlbsize: 1 << 30},
  ],
])('all memory can be %s', (backing, expected) => {
  const more = `<memoryBacking>${backing}</memoryBacking>`;
  expect(objectsOf(more)).toEqual([expect.objectContaining({id: 'pc.ram', size: 16 << 20, ...expected})]);
  expect(optionsOf(more, ['-machine'])[0]).toContain('memory-backend=pc.ram');
});

test('pages of the ordinary size are none', () => {
  expect(objectsOf("<memoryBacking><hugepages><page size='4'/></hugepages></memoryBacking>")).toEqual([]);
});

test('each cell has the pages and the nodes that are for it', () => {
  const pages = "<page size='2048'/><page size='1' unit='G' nodeset='1'/>";
  const tune = "<memory mode='strict' nodeset='0-1'/><memnode cellid='1' mode='preferred' nodeset='3'/>";
  const more = `<memoryBacking><hugepages>${pages}</hugepages></memoryBacking><numatune>${tune}</numatune>${NUMA}`;
  expect(objectsOf(more)).toEqual([
    expect.objectContaining({
      id: 'ram-node0',
      'mem-path': '/huge/2m/own/-1-demo',
      'host-nodes': [0, 1],
      policy: 'bind',
    }),
    expect.objectContaining({id: 'ram-node1', 'mem-path': '/huge/1g/own/-1-demo', share: false, policy: 'preferred'}),
  ]);
  expect(optionsOf(more, ['-object'])[0]).toBe(
    '{"qom-type":"thread-context","id":"tc-ram-node0","node-affinity":[0,1]}',
  );
  expect(memoryFolders(inputOf(more))).toEqual(['/huge/2m/own/-1-demo', '/huge/1g/own/-1-demo']);
});

test('a restrictive policy is not the memory’s affair', () => {
  expect(objectsOf("<numatune><memory mode='restrictive' nodeset='0'/></numatune>")).toEqual([]);
});

test('distances are a whole table, symmetric where one way is said', () => {
  const more = NUMA.replace("unit='MiB'/>", "unit='MiB'><distances><sibling id='1' value='21'/></distances></cell>");
  expect(optionsOf(more, ['-numa']).filter(text => text.startsWith('dist'))).toEqual([
    'dist,src=0,dst=0,val=10',
    'dist,src=0,dst=1,val=21',
    'dist,src=1,dst=0,val=21',
    'dist,src=1,dst=1,val=10',
  ]);
});

test('a cell without processors is near the one that reaches it fastest', () => {
  const cells = `<cell cpus='0' memory='1024'/><cell cpus='1' memory='1024'/><cell memory='1024'/><cell memory='1024'/>`;
  const between = `<latency initiator='0' target='2' type='access' value='9'/>
    <latency initiator='1' target='2' type='access' value='5'/>`;
  const more = `<vcpu>2</vcpu><cpu><numa>${cells}<interconnects>${between}</interconnects></numa></cpu>`;
  const nodes = optionsOf(more, ['-numa']).filter(text => text.startsWith('node'));
  expect(nodes.map(text => /initiator=(\d)/.exec(text)?.[1])).toEqual(['0', '1', '1', '0']);
});

test('a cell of processors alone has no backend', () => {
  const more = "<vcpu>1</vcpu><cpu><numa><cell cpus='0' memory='0'/><cell memory='16' unit='MiB'/></numa></cpu>";
  expect(optionsOf(more, ['-numa'])).toEqual(['node,nodeid=0,cpus=0', 'node,nodeid=1,memdev=ram-node1']);
});

const MODULES = `
  <memory model='dimm' access='shared'><target><size unit='MiB'>3</size><node>0</node></target><address type='dimm' slot='2'/></memory>
  <memory model='nvdimm'><source><path>/nv,1</path><alignsize unit='KiB'>2048</alignsize><pmem/></source>
    <target><size unit='MiB'>4</size><node>1</node><label><size unit='KiB'>128</size></label><readonly/></target></memory>
  <memory model='virtio-pmem'><source><path>/vp</path></source><target><size unit='MiB'>4</size></target></memory>
  <memory model='virtio-mem'><target><size unit='MiB'>4</size><node>0</node><block unit='KiB'>2048</block></target></memory>`;

test('modules are named by their slot and model, with backends of their own', () => {
  const more = `<maxMemory slots='4' unit='GiB'>1</maxMemory>${NUMA}`;
  expect(objectsOf(more, {devices: MODULES}).slice(2)).toEqual([
    {'qom-type': 'memory-backend-file', id: 'memdimm2', 'mem-path': '/files/-1-demo/dimm2', share: true, size: 4 << 20},
    {
      'qom-type': 'memory-backend-file',
      id: 'memnvdimm0',
      'mem-path': '/nv,1',
      share: false,
      size: 4 << 20,
      align: 2 << 20,
      pmem: true,
    },
    {'qom-type': 'memory-backend-file', id: 'memvirtiopmem0', 'mem-path': '/vp', size: 4 << 20},
    {'qom-type': 'memory-backend-ram', id: 'memvirtiomem0', reserve: false, size: 4 << 20},
  ]);
  expect(optionsOf(more, ['-device'], {devices: MODULES})).toEqual([
    'pc-dimm,node=0,memdev=memdimm2,id=dimm2,slot=2',
    'nvdimm,node=1,label-size=131072,unarmed=on,memdev=memnvdimm0,id=nvdimm0',
    'virtio-pmem-pci,memdev=memvirtiopmem0,id=virtiopmem0',
    'virtio-mem-pci,node=0,block-size=2097152,memdev=memvirtiomem0,id=virtiomem0',
  ]);
  expect(optionsOf(more, ['-machine'], {devices: MODULES})[0]).toContain(',nvdimm=on');
  expect(memoryFolders(inputOf(more, {devices: MODULES}))).toEqual(['/files/-1-demo']);
});

test('memory that a device plugs in is allocated by the device', () => {
  const more = `<memoryBacking><allocation mode='immediate'/></memoryBacking>${NUMA}`;
  const given = {devices: MODULES.slice(MODULES.indexOf("<memory model='virtio-mem'"))};
  expect(objectsOf(more, given).at(-1)).not.toHaveProperty('prealloc');
  expect(optionsOf(more, ['-device'], given)[0]).toContain('prealloc=on');
});

test('protected memory is named by the board', () => {
  const devices = "<memory model='sgx-epc'><target><size unit='MiB'>32</size><node>0</node></target></memory>";
  expect(optionsOf('', ['-machine'], {devices})[0]).toContain('sgx-epc.0.memdev=memepc0,sgx-epc.0.node=0');
  expect(objectsOf('', {devices})).toEqual(
    [{'qom-type': 'memory-backend-epc', id: 'memepc0', prealloc: false, size: 32 << 20}].map(
      ({prealloc: _, ...rest}) => rest,
    ),
  );
});

test('locked memory, and memory that is not merged with that of others', () => {
  const more = '<memoryBacking><nosharepages/><locked/></memoryBacking>';
  expect(optionsOf(more, ['-overcommit'])).toEqual(['mem-lock=on']);
  expect(optionsOf(more, ['-machine'])[0]).toContain('mem-merge=off');
  const old = {...X86_CAPS, flags: new Set([...X86_CAPS.flags].filter(flag => flag !== 'overcommit'))};
  expect(optionsOf(more, ['-realtime'], {caps: old})).toEqual(['mlock=on']);
});

function refusal(more: string, given?: Case): VirtError {
  try {
    buildArgv(inputOf(more, given));
  } catch (error) {
    if (error instanceof VirtError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('huge pages of a size that is not mounted are refused with what is, and how to mount them', () => {
  const error = refusal("<memoryBacking><hugepages><page size='16' unit='M'/></hugepages></memoryBacking>");
  expect(error.code).toBe('CONFIG_UNSUPPORTED');
  expect(error.message).toBe(
    "cannot give domain 'demo' huge pages of 16384 KiB: /proc/mounts has no such hugetlbfs, only 2048 KiB at /huge/2m/own, 1048576 KiB at /huge/1g/own",
  );
  expect(error.hint).toContain('mount -t hugetlbfs -o pagesize=16384K');
  const bare = {host: {memory: {hugepages: [], files: '/files', pageKiB: 4n}}};
  expect(refusal('<memoryBacking><hugepages/></memoryBacking>', bare).message).toContain('and none at all');
});

test('a board with fixed memory gets huge pages by their path, and nothing else', () => {
  const more = (backing: string) => `<memoryBacking>${backing}</memoryBacking>`;
  expect(optionsOf(more('<hugepages/>'), ['-mem-path'], {caps: PLAIN_CAPS})).toEqual(['/huge/2m/own/-1-demo']);
  expect(memoryFolders(inputOf(more('<hugepages/>'), {caps: PLAIN_CAPS}))).toEqual(['/huge/2m/own/-1-demo']);
  expect(refusal(more("<source type='memfd'/>"), {caps: PLAIN_CAPS}).message).toContain('is fixed');
});

test('objects are pairs where the emulator takes no JSON', () => {
  const old = new Set([...CAPS.flags].filter(flag => flag !== 'object-json' && flag !== 'thread-context'));
  const more = "<numatune><memory mode='strict' nodeset='0-2,5'/></numatune>";
  expect(optionsOf(more, ['-object'], {caps: {...CAPS, flags: old}})).toEqual([
    'memory-backend-ram,id=pc.ram,size=16777216,host-nodes=0-2,host-nodes=5,policy=bind',
  ]);
});
