import {expect, test} from 'vitest';
import {describeHost, summariseHost} from '../../src/driver/host-info/describe-host.ts';
import {kvmStatus} from '../../src/driver/host-info/kvm-status.ts';
import {readHostCapabilities, readHostInfo} from '../../src/driver/host-info/read-host-info.ts';
import {hostTree} from '../../src/host/host-tree.ts';
import {withTempRoot} from '../support/temp-root.ts';
import {evenCpus, fakeTree, nodeFiles} from './fake-tree.ts';

const NAMES = {hostname: 'h', machine: 'x86_64'};
const NO_KVM = {usable: false, why: 'no'} as const;
const OWNER = {uid: 0, gid: 0, isPrivileged: true};

const SERVER = {
  ...evenCpus(2, 1, 4, 2),
  '/sys/devices/system/node/online': '0-1\n',
  ...nodeFiles(0, {cpus: '0-7', memoryKiB: 12000000, distances: '10 21'}),
  ...nodeFiles(1, {cpus: '8-15', memoryKiB: 12684096, distances: '21 10'}),
  '/proc/cpuinfo':
    'processor\t: 0\nvendor_id : AuthenticAMD\nmodel name\t: AMD EPYC 7543\ncpu MHz\t\t: 2596.746\n\nprocessor\t: 1\nmodel name\t: other\n',
  '/proc/meminfo': 'MemTotal:       24684096 kB\nMemFree:        23824808 kB\n',
  '/sys/class/dmi/id/product_uuid': '4C4C4544-0044-4810-8031-B4C04F333433\n',
  '/etc/machine-id': '3d1219c7c4c5404aaa1f6d2a48adfda4\n',
};

test('describes a server with two nodes', () => {
  const info = summariseHost(fakeTree(SERVER), NAMES, {usable: true});
  expect(info).toEqual({
    hostname: 'h',
    uuid: '4c4c4544-0044-4810-8031-b4c04f333433',
    arch: 'x86_64',
    cpuModel: 'AMD EPYC 7543',
    cpus: 16,
    mhz: 2597,
    numaNodes: 2,
    sockets: 1,
    diesPerSocket: 1,
    coresPerSocket: 4,
    threadsPerCore: 2,
    memoryKiB: 24684096n,
    kvm: {usable: true},
  });
  const all = describeHost(fakeTree(SERVER), {names: NAMES, kvm: {usable: true}, owner: OWNER});
  expect(all).toMatchObject({
    ...info,
    cpu: {vendor: 'AMD'},
    cells: [{id: 0}, {id: 1}],
    pageSizesKiB: [4],
    iommu: false,
  });
});

test('has a fallback for everything that a host does not show', () => {
  expect(describeHost(fakeTree({}), {names: NAMES, kvm: NO_KVM, owner: OWNER})).toMatchObject({
    uuid: '',
    cpuModel: 'x86_64',
    cpus: 1,
    mhz: 0,
    numaNodes: 1,
    sockets: 1,
    coresPerSocket: 1,
    threadsPerCore: 1,
    memoryKiB: 0n,
    cells: [{id: 0, processors: [{id: 0}]}],
  });
});

test('the machine id stands in where the board has no UUID', () => {
  const tree = {...SERVER, '/sys/class/dmi/id/product_uuid': 'Not Settable\n'};
  expect(summariseHost(fakeTree(tree), NAMES, NO_KVM).uuid).toBe('3d1219c7-c4c5-404a-aa1f-6d2a48adfda4');
});

test('says why KVM cannot be used', () => {
  expect(kvmStatus(undefined)).toEqual({usable: true});
  expect(kvmStatus('EACCES')).toMatchObject({why: expect.stringContaining('/dev/kvm may not be opened by this user')});
  expect(kvmStatus('EIO')).toEqual({usable: false, why: '/dev/kvm cannot be opened (EIO)'});
});

test('describes this very host', async () => {
  const host = await readHostInfo();
  expect(host.cpus).toBe(host.numaNodes * host.sockets * host.coresPerSocket * host.threadsPerCore);
  expect(host.memoryKiB).toBeGreaterThan(0n);
  const {cells} = await readHostCapabilities(OWNER);
  expect(cells.flatMap(cell => cell.processors)).toHaveLength(host.cpus);
});

test('a tree that was copied is read whole, in parts, or not at all', () =>
  withTempRoot(async root => {
    const {mkdir, writeFile} = await import('node:fs/promises');
    await mkdir(root.join('proc'));
    await writeFile(root.join('proc/cpuinfo'), 'x'.repeat(20_000));
    const tree = hostTree(root.path);
    expect([tree.text('/proc/cpuinfo', 10), tree.text('/proc/none')]).toEqual(['xxxxxxxxxx', undefined]);
    expect([tree.text('/proc/cpuinfo')?.length, tree.text('/proc/cpuinfo', 100_000)?.length]).toEqual([16_384, 20_000]);
    expect([tree.names('/proc'), tree.names('/sys')]).toEqual([['cpuinfo'], []]);
  }));

test('each file of a host is read once for its capabilities', () => {
  const tree = fakeTree(SERVER);
  const read: string[] = [];
  const text = (path: string, maxBytes?: number) => {
    read.push(path);
    return tree.text(path, maxBytes);
  };
  describeHost({...tree, text}, {names: NAMES, kvm: NO_KVM, owner: OWNER});
  expect(read).toContain('/proc/self/smaps');
  expect(read.toSorted()).toEqual([...new Set(read)].toSorted());
});
