import type {HostTree} from '../../host/host-tree.ts';
import type {BandwidthNode, CacheBank, CacheControl, CacheType, ResourceMonitor} from '../../model/host-detail.ts';

const INFO = '/sys/fs/resctrl/info';

/** The folder of each type of a level, e.g. `L3CODE`. */
const SUFFIXES: Readonly<Record<CacheType, string>> = {both: '', code: 'CODE', data: 'DATA'};

/** Levels of which caches can be divided. */
export function dividedLevels(tree: HostTree): readonly number[] {
  return tree
    .names(INFO)
    .flatMap(name => /^L(\d)(?:CODE|DATA)?$/.exec(name)?.[1] ?? [])
    .map(Number);
}

/**
 * How a cache of a level can be divided; nothing where resctrl is not mounted or does not do it.
 *
 * @see Linux, Documentation/arch/x86/resctrl.rst; libvirt 9.0.0, src/util/virresctrl.c, virResctrlInfoGetCache
 */
export function readCacheControls(tree: HostTree, level: number, sizeBytes: number): readonly CacheControl[] {
  const types: readonly CacheType[] = ['both', 'code', 'data'];
  const there = new Set(tree.names(INFO));
  return types.flatMap(type => {
    if (!there.has(`L${level}${SUFFIXES[type]}`)) return [];
    const folder = `${INFO}/L${level}${SUFFIXES[type]}`;
    const ways = countBits(tree.text(`${folder}/cbm_mask`));
    const maxAllocations = numberIn(tree, `${folder}/num_closids`);
    if (ways === 0 || maxAllocations === undefined) return [];
    const granularityBytes = Math.floor(sizeBytes / ways);
    const minWays = numberIn(tree, `${folder}/min_cbm_bits`) ?? 1;
    const min = minWays > 1 ? {minBytes: granularityBytes * minWays} : {};
    return [{type, granularityBytes, ...min, maxAllocations}];
  });
}

/** Bandwidth is divided at the last cache before memory: the banks of level 3. */
export function readBandwidth(tree: HostTree, banks: readonly CacheBank[]): readonly BandwidthNode[] {
  const granularity = numberIn(tree, `${INFO}/MB/bandwidth_gran`);
  const min = numberIn(tree, `${INFO}/MB/min_bandwidth`);
  const maxAllocations = numberIn(tree, `${INFO}/MB/num_closids`);
  if (granularity === undefined || min === undefined || maxAllocations === undefined) return [];
  return banks
    .filter(({level}) => level === 3)
    .map(({id, processors}) => ({id, processors, granularity, min, maxAllocations}));
}

/** What of the use of caches and of bandwidth can be counted. */
export function readMonitors(tree: HostTree): {
  readonly cacheMonitor?: ResourceMonitor;
  readonly bandwidthMonitor?: ResourceMonitor;
} {
  const folder = `${INFO}/L3_MON`;
  const maxMonitors = numberIn(tree, `${folder}/num_rmids`);
  if (maxMonitors === undefined) return {};
  const features = (tree.text(`${folder}/mon_features`) ?? '').split(/\s+/).filter(Boolean);
  const cache = features.filter(name => name.startsWith('llc_'));
  const bandwidth = features.filter(name => name.startsWith('mbm_'));
  const reuseThresholdBytes = numberIn(tree, `${folder}/max_threshold_occupancy`);
  const reuse = reuseThresholdBytes === undefined ? {} : {reuseThresholdBytes};
  return {
    ...(cache.length === 0 ? {} : {cacheMonitor: {level: 3, ...reuse, maxMonitors, features: cache}}),
    ...(bandwidth.length === 0 ? {} : {bandwidthMonitor: {maxMonitors, features: bandwidth}}),
  };
}

function numberIn(tree: HostTree, path: string): number | undefined {
  const digits = /^\d+/.exec(tree.text(path) ?? '')?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** Bits that are set in a hexadecimal number. */
function countBits(mask: string | undefined): number {
  return [...(mask ?? '').trim()].reduce((sum, digit) => sum + popCount(Number.parseInt(digit, 16) || 0), 0);
}

function popCount(nibble: number): number {
  return (nibble & 1) + ((nibble >> 1) & 1) + ((nibble >> 2) & 1) + ((nibble >> 3) & 1);
}
