import {existsSync} from 'node:fs';
import {expect, test} from 'vitest';
import {groupDirectory, parseCgroupMounts, parseMembership} from '../../src/host/control-groups.ts';
import {deviceNumberOf} from '../../src/host/device-number.ts';

const MOUNTINFO = [
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
  '36 31 0:33 / /sys/fs/cgroup/devices rw,relatime shared:5 - cgroup cgroup rw,devices',
  '41 31 0:38 /inner /mnt/with\\040space rw,relatime - cgroup2 cgroup2 rw',
].join('\n');

test('finds the trees with devices wherever they are mounted', () => {
  expect(parseCgroupMounts(MOUNTINFO)).toEqual([
    {point: '/sys/fs/cgroup/devices', root: '/', tree: 'devices'},
    {point: '/mnt/with space', root: '/inner', tree: 'unified'},
  ]);
  expect(parseCgroupMounts('50 23 0:40 / /dev/cgroup rw - cgroup none rw,devices')).toEqual([
    {point: '/dev/cgroup', root: '/', tree: 'devices'},
  ]);
});

test('the group of a process is that of its tree', () => {
  const text = '9:name=systemd:/\n5:cpu,devices:/a:b/c\n0::/inner/d\n';
  expect(parseMembership(text, 'devices')).toBe('/a:b/c');
  expect(parseMembership(text, 'unified')).toBe('/inner/d');
  expect(parseMembership('3:cpuset:/\n', 'devices')).toBeUndefined();
});

test('a group has a directory in a mount that shows it', () => {
  const mounts = parseCgroupMounts(MOUNTINFO);
  expect(groupDirectory('/', 'devices', mounts)).toBe('/sys/fs/cgroup/devices');
  expect(groupDirectory('/a', 'devices', mounts)).toBe('/sys/fs/cgroup/devices/a');
  expect(groupDirectory('/inner/d', 'unified', mounts)).toBe('/mnt/with space/d');
  expect(groupDirectory('/innermost', 'unified', mounts)).toBeUndefined();
});

test('a device has a number, a file and a path to nowhere have none', () => {
  expect(deviceNumberOf('/dev/null')).toEqual({type: 'c', major: 1, minor: 3});
  expect(deviceNumberOf('/etc/passwd')).toBeUndefined();
  expect(deviceNumberOf('/nowhere')).toBeUndefined();
});

test.skipIf(!existsSync('/dev/loop0'))('a block device is told from a character device (needs /dev/loop0)', () => {
  expect(deviceNumberOf('/dev/loop0')).toEqual({type: 'b', major: 7, minor: 0});
});
