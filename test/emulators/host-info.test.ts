import {expect, test} from 'vitest';
import {buildHostInfo, type HostFacts, parseCpuList} from '../../src/driver/host-info/host-info.ts';
import {kvmStatus} from '../../src/driver/host-info/kvm-status.ts';
import {readHostInfo} from '../../src/driver/host-info/read-host-info.ts';

const BARE: HostFacts = {hostname: 'h', machine: 'x86_64', topology: []};

/** Places of a host with so many packages, cores of each, threads of each. */
function places(packages: number, cores: number, threads: number): HostFacts['topology'] {
  return Array.from({length: packages * cores * threads}, (_, cpu) => ({
    packageId: String(Math.floor(cpu / (cores * threads))),
    coreId: String(Math.floor(cpu / threads) % cores),
  }));
}

test('reads lists of processors', () => {
  expect(parseCpuList('0-2,8\n')).toEqual([0, 1, 2, 8]);
  expect(parseCpuList('')).toEqual([]);
});

test('describes a server with two nodes', () => {
  const host = buildHostInfo(
    {
      ...BARE,
      cpuinfo:
        'processor\t: 0\nmodel name\t: AMD EPYC 7543\ncpu MHz\t\t: 2596.746\n\nprocessor\t: 1\nmodel name\t: other\n',
      meminfo: 'MemTotal:       24684096 kB\nMemFree:        23824808 kB\n',
      onlineCpus: '0-15\n',
      onlineNodes: '0-1\n',
      topology: places(2, 4, 2),
      productUuid: '4C4C4544-0044-4810-8031-B4C04F333433\n',
      machineId: '3d1219c7c4c5404aaa1f6d2a48adfda4\n',
    },
    {usable: true},
  );
  expect(host).toEqual({
    hostname: 'h',
    uuid: '4c4c4544-0044-4810-8031-b4c04f333433',
    arch: 'x86_64',
    cpuModel: 'AMD EPYC 7543',
    cpus: 16,
    mhz: 2597,
    numaNodes: 2,
    sockets: 1,
    coresPerSocket: 4,
    threadsPerCore: 2,
    memoryKiB: 24684096n,
    kvm: {usable: true},
  });
});

test('has a fallback for everything that a host does not show', () => {
  expect(buildHostInfo(BARE, {usable: false, why: 'no'})).toMatchObject({
    uuid: '',
    cpuModel: 'x86_64',
    cpus: 1,
    mhz: 0,
    numaNodes: 1,
    sockets: 1,
    coresPerSocket: 1,
    threadsPerCore: 1,
    memoryKiB: 0n,
  });
});

test('an uneven host is one socket with a core for each processor', () => {
  const facts = {...BARE, onlineCpus: '0-4', topology: [...places(2, 1, 2), {packageId: '1', coreId: '7'}]};
  expect(buildHostInfo(facts, {usable: true})).toMatchObject({sockets: 1, coresPerSocket: 5, threadsPerCore: 1});
});

test('the machine id stands in where the board has no UUID', () => {
  const facts = {...BARE, productUuid: 'Not Settable\n', machineId: '3d1219c7c4c5404aaa1f6d2a48adfda4\n'};
  expect(buildHostInfo(facts, {usable: true}).uuid).toBe('3d1219c7-c4c5-404a-aa1f-6d2a48adfda4');
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
});
