import {expect, test} from 'vitest';
import {hugetlbfsMounts, readLockAbility, readMemoryPlaces} from '../../src/driver/host-info/memory-places.ts';
import {readSmbios} from '../../src/driver/host-info/smbios.ts';
import {fakeTree} from './fake-tree.ts';

const MOUNTS = `proc /proc proc rw,nosuid 0 0
hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0
none /dev/huge\\0401G hugetlbfs rw,relatime,size=4G,pagesize=1024M 0 0
again /mnt/2m hugetlbfs rw,pagesize=2M 0 0
old /mnt/old hugetlbfs rw 0 0
tmpfs /hugetlbfs tmpfs rw 0 0
`;

test('each size of huge pages has its first mount, the kernel’s usual size is marked', () => {
  const tree = fakeTree({
    '/proc/mounts': MOUNTS,
    '/proc/meminfo': 'MemTotal: 1 kB\nHugepagesize:       2048 kB\n',
    '/proc/self/smaps': '0-1 r-xp\nSize: 4 kB\nKernelPageSize:       64 kB\n',
  });
  expect(readMemoryPlaces(tree, '/lib/ram')).toEqual({
    hugepages: [
      {pageKiB: 2048n, directory: '/dev/hugepages/virtty/qemu', isDefault: true},
      {pageKiB: 1048576n, directory: '/dev/huge 1G/virtty/qemu', isDefault: false},
    ],
    files: '/lib/ram',
    pageKiB: 64n,
  });
});

test('a host that says nothing has ordinary pages alone', () => {
  expect(readMemoryPlaces(fakeTree({}), '/x')).toEqual({hugepages: [], files: '/x', pageKiB: 4n});
});

const limits = (hard: string) => `Limit                     Soft Limit           Hard Limit           Units
Max locked memory         65536                ${hard}            bytes
`;

test.each([
  [limits('8388608'), 'CapEff:\t0000000000000000\n', {limitKiB: 8192n, mayRaise: false}],
  [limits('unlimited'), 'CapEff:\t000001fffeffffff\n', {limitKiB: 'unlimited', mayRaise: false}],
  [limits('65536'), 'CapEff:\t000001ffffffffff\n', {limitKiB: 64n, mayRaise: true}],
])('what may be locked is read of the process itself', (text, status, expected) => {
  expect(readLockAbility(fakeTree({'/proc/self/limits': text, '/proc/self/status': status}))).toEqual(expected);
});

test('the host’s tables are by QEMU’s keys; what nobody may read is left out', () => {
  const tree = fakeTree({
    '/sys/class/dmi/id/bios_vendor': 'SeaBIOS\n',
    '/sys/class/dmi/id/sys_vendor': 'QEMU\n',
    '/sys/class/dmi/id/product_sku': '\n',
    '/sys/class/dmi/id/board_asset_tag': 'x\n',
    '/sys/class/dmi/id/chassis_vendor': 'Case\n',
  });
  expect(readSmbios(tree)).toEqual({
    bios: {vendor: 'SeaBIOS'},
    system: {manufacturer: 'QEMU'},
    baseBoard: {asset: 'x'},
    chassis: {manufacturer: 'Case'},
  });
  expect(readSmbios(fakeTree({}))).toBeUndefined();
});

test('takes huge pages from the mounts that the configuration names only', () => {
  const mounts =
    'hugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\nhugetlbfs /mnt/a\\040b hugetlbfs rw,pagesize=1G 0 0\n';
  const tree = fakeTree({'/proc/mounts': mounts});
  expect(hugetlbfsMounts(tree)).toEqual(['/dev/hugepages', '/mnt/a b']);
  const directories = (allowed: readonly string[]) =>
    readMemoryPlaces(tree, '/x', allowed).hugepages.map(({directory}) => directory);
  expect(directories(['/mnt/a b'])).toEqual(['/mnt/a b/virtty/qemu']);
  expect(directories([])).toEqual([]);
});
