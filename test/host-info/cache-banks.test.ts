import {describe, expect, test} from 'vitest';
import {readCacheBanks} from '../../src/driver/host-info/cache-banks.ts';
import {readProcessors} from '../../src/driver/host-info/cpu-topology.ts';
import {readBandwidth, readMonitors} from '../../src/driver/host-info/resource-control.ts';
import {evenCpus, fakeTree, type TreeFiles} from './fake-tree.ts';

const INFO = '/sys/fs/resctrl/info';

function cacheFiles(cpu: number, index: number, fields: Readonly<Record<string, string>>): TreeFiles {
  const folder = `/sys/devices/system/cpu/cpu${cpu}/cache/index${index}`;
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [`${folder}/${name}`, `${text}\n`]));
}

/** Two packages of two processors, each with a last level of 15 MiB. */
const HOST: TreeFiles = Object.assign(
  {...evenCpus(2, 1, 2, 1)},
  ...[0, 1, 2, 3].flatMap(cpu => {
    const bank = Math.floor(cpu / 2);
    const shared = `${bank * 2}-${bank * 2 + 1}`;
    return [
      cacheFiles(cpu, 0, {level: '1', type: 'Data', size: '32K', id: String(cpu), shared_cpu_list: String(cpu)}),
      cacheFiles(cpu, 3, {level: '3', type: 'Unified', size: '15360K', id: String(bank), shared_cpu_list: shared}),
    ];
  }),
);

const banksOf = (files: TreeFiles) => readCacheBanks(fakeTree(files), readProcessors(fakeTree(files)));

describe('caches', () => {
  test('are those of the last level, each once', () => {
    const bank = {level: 3, type: 'both', sizeBytes: 15 * 1024 * 1024, controls: []};
    expect(banksOf(HOST)).toEqual([
      {id: 0, ...bank, processors: [0, 1]},
      {id: 1, ...bank, processors: [2, 3]},
    ]);
  });

  test('can be divided where the kernel does it, also smaller ones', () => {
    const control = {[`${INFO}/L3CODE/cbm_mask`]: 'fffff\n', [`${INFO}/L3CODE/num_closids`]: '8\n'};
    const data = {
      [`${INFO}/L1DATA/cbm_mask`]: 'f\n',
      [`${INFO}/L1DATA/min_cbm_bits`]: '2\n',
      [`${INFO}/L1DATA/num_closids`]: '4\n',
    };
    const banks = banksOf({...HOST, ...control, ...data});
    expect(banks.map(({level}) => level)).toEqual([1, 1, 1, 1, 3, 3]);
    expect(banks[0]?.controls).toEqual([{type: 'data', granularityBytes: 8192, minBytes: 16384, maxAllocations: 4}]);
    expect(banks[4]?.controls).toEqual([{type: 'code', granularityBytes: 786432, maxAllocations: 8}]);
  });

  test('that are not told of whole are left out', () => {
    const tree = {...HOST, '/sys/devices/system/cpu/cpu0/cache/index3/id': '\n'};
    expect(banksOf({...tree, '/sys/devices/system/cpu/cpu1/cache/index3/size': '?'}).map(({id}) => id)).toEqual([1]);
    expect(banksOf(evenCpus(1, 1, 1, 1))).toEqual([]);
  });
});

test('bandwidth is divided at the banks of level 3', () => {
  const files = {
    ...HOST,
    [`${INFO}/MB/bandwidth_gran`]: '10\n',
    [`${INFO}/MB/min_bandwidth`]: '20\n',
    [`${INFO}/MB/num_closids`]: '4\n',
  };
  const limits = {granularity: 10, min: 20, maxAllocations: 4};
  expect(readBandwidth(fakeTree(files), banksOf(HOST))).toEqual([
    {id: 0, processors: [0, 1], ...limits},
    {id: 1, processors: [2, 3], ...limits},
  ]);
  expect(readBandwidth(fakeTree(HOST), banksOf(HOST))).toEqual([]);
});

test('what can be counted belongs to the cache or to the bandwidth', () => {
  const files = {
    [`${INFO}/L3_MON/num_rmids`]: '176\n',
    [`${INFO}/L3_MON/max_threshold_occupancy`]: '270336\n',
    [`${INFO}/L3_MON/mon_features`]: 'llc_occupancy\nmbm_total_bytes\nother\n',
  };
  expect(readMonitors(fakeTree(files))).toEqual({
    cacheMonitor: {level: 3, reuseThresholdBytes: 270336, maxMonitors: 176, features: ['llc_occupancy']},
    bandwidthMonitor: {maxMonitors: 176, features: ['mbm_total_bytes']},
  });
  expect(readMonitors(fakeTree({}))).toEqual({});
});
