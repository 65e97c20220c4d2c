import {describe, expect, test} from 'vitest';
import {readProcessors} from '../../src/driver/host-info/cpu-topology.ts';
import {pageSizesKiB, readCells} from '../../src/driver/host-info/numa-cells.ts';
import {evenCpus, fakeTree, nodeFiles, type TreeFiles} from './fake-tree.ts';

function cellsOf(files: TreeFiles) {
  const tree = fakeTree(files);
  return readCells(tree, readProcessors(tree));
}

describe('the cells of a host', () => {
  test('have memory, pages of each size, distances and processors', () => {
    const [first, second] = cellsOf({
      ...evenCpus(2, 1, 1, 1),
      '/sys/devices/system/node/online': '0,2\n',
      ...nodeFiles(0, {cpus: '0', memoryKiB: 1048576, distances: '10 21', pools: {1048576: '0', 2048: '4'}}),
      ...nodeFiles(2, {cpus: '1', memoryKiB: 2097152, distances: '21 10'}),
    });
    expect(first).toMatchObject({
      id: 0,
      memoryKiB: 1048576n,
      pools: [
        {sizeKiB: 4, total: 260096n, free: 256n},
        {sizeKiB: 2048, total: 4n, free: 4n},
        {sizeKiB: 1048576, total: 0n, free: 0n},
      ],
      distances: [
        {id: 0, value: 10},
        {id: 2, value: 21},
      ],
      processors: [{id: 0}],
    });
    expect(second).toMatchObject({id: 2, processors: [{id: 1}], pools: [{sizeKiB: 4, total: 524288n}]});
  });

  test('may be memory only, and do not count processors that are offline', () => {
    const cells = cellsOf({
      ...evenCpus(1, 1, 4, 1),
      '/sys/devices/system/cpu/online': '0,2\n',
      ...nodeFiles(0, {cpus: '0-3', memoryKiB: 4096, distances: '10 20'}),
      ...nodeFiles(1, {cpus: '', memoryKiB: 8192, distances: '20 10'}),
    });
    expect(cells.map(({id, processors}) => [id, processors.map(cpu => cpu.id)])).toEqual([
      [0, [0, 2]],
      [1, []],
    ]);
  });

  test('are one with everything where the kernel has no NUMA', () => {
    const all = {memoryKiB: 8388608n, pools: [], distances: []};
    const files = {...evenCpus(1, 1, 2, 1), '/proc/meminfo': 'MemTotal:        8388608 kB\nMemFree: 1 kB\n'};
    expect(cellsOf(files)).toMatchObject([{id: 0, ...all, processors: [{id: 0}, {id: 1}]}]);
    const strange = {...files, ...nodeFiles(0, {cpus: '64', memoryKiB: 1})};
    expect(cellsOf(strange)).toMatchObject([{id: 0, ...all}]);
  });

  test('have the page size of the kernel', () => {
    const files = {
      '/proc/self/smaps': '00400000-00452000 r-xp 00000000 fd:00 1 /bin/x\nSize: 328 kB\nKernelPageSize:       64 kB\n',
      '/sys/kernel/mm/hugepages/hugepages-524288kB/nr_hugepages': '0\n',
      '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0\n',
    };
    expect(pageSizesKiB(fakeTree(files))).toEqual([64, 2048, 524288]);
    const [cell] = cellsOf({...files, ...evenCpus(1, 1, 1, 1), ...nodeFiles(0, {cpus: '0', memoryKiB: 640})});
    expect(cell?.pools).toEqual([{sizeKiB: 64, total: 10n, free: 16n}]);
  });
});
