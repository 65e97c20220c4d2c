import {describe, expect, test} from 'vitest';
import {countTopology, parseCpuList, readProcessors} from '../../src/driver/host-info/cpu-topology.ts';
import {cpuFiles, evenCpus, fakeTree} from './fake-tree.ts';

test('reads lists of processors', () => {
  expect(parseCpuList('0-2,8\n')).toEqual([0, 1, 2, 8]);
  expect([parseCpuList(''), parseCpuList(undefined), parseCpuList('no list')]).toEqual([[], [], []]);
});

describe('the processors of a host', () => {
  test('have sockets, dies, cores and siblings', () => {
    const processors = readProcessors(fakeTree(evenCpus(2, 2, 2, 2)));
    expect(processors).toHaveLength(16);
    expect(processors[13]).toEqual({id: 13, place: {socketId: 1, dieId: 1, coreId: 0, siblings: [12, 13]}});
  });

  test('are those that are online, whatever holes there are', () => {
    const tree = fakeTree({
      ...evenCpus(1, 1, 8, 1),
      '/sys/devices/system/cpu/online': '0,2-3,7\n',
    });
    expect(readProcessors(tree).map(({id}) => id)).toEqual([0, 2, 3, 7]);
  });

  test('without die or with unknown ids are at 0, as in libvirt', () => {
    const tree = fakeTree({
      '/sys/devices/system/cpu/online': '0\n',
      ...cpuFiles(0, {socket: -1, core: 3, siblings: 'nonsense'}),
    });
    expect(readProcessors(tree)).toEqual([{id: 0, place: {socketId: 0, dieId: 0, coreId: 3, siblings: [0]}}]);
  });

  test('are found by their folders or in /proc/cpuinfo where the kernel has no list', () => {
    const {'/sys/devices/system/cpu/online': _online, ...folders} = evenCpus(1, 1, 11, 1);
    expect(readProcessors(fakeTree(folders)).map(({id}) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const listed = {'/proc/cpuinfo': 'processor\t: 0\nflags: x\n\nprocessor\t: 4\n'};
    expect(readProcessors(fakeTree(listed))).toEqual([{id: 0}, {id: 4}]);
    expect(readProcessors(fakeTree({}))).toEqual([{id: 0}]);
  });
});

describe('the topology', () => {
  const count = (files: Readonly<Record<string, string>>, cells: number) =>
    countTopology(readProcessors(fakeTree(files)), cells);

  test('is sockets of a cell, dies and cores of a socket, threads of a core', () => {
    expect(count(evenCpus(2, 3, 4, 2), 2)).toEqual({
      numaNodes: 2,
      sockets: 1,
      diesPerSocket: 3,
      coresPerSocket: 12,
      threadsPerCore: 2,
    });
  });

  test('of an uneven host is one socket with a core for each processor', () => {
    const uneven = {
      ...evenCpus(2, 1, 1, 2),
      ...cpuFiles(4, {socket: 1, die: 0, core: 7, siblings: '4'}),
      '/sys/devices/system/cpu/online': '0-4\n',
    };
    const flat = {numaNodes: 1, sockets: 1, diesPerSocket: 1, coresPerSocket: 5, threadsPerCore: 1};
    expect(count(uneven, 1)).toEqual(flat);
    expect(count({'/sys/devices/system/cpu/online': '0-4\n'}, 1)).toEqual(flat);
  });
});
