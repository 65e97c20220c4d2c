import type {HostTree} from '../../host/host-tree.ts';
import type {HostCell, HostProcessor, PagePool} from '../../model/host-detail.ts';
import {parseCpuList} from './cpu-topology.ts';

const NODES = '/sys/devices/system/node';
const POOLS = '/sys/kernel/mm/hugepages';
const FALLBACK_PAGE_KIB = 4;

/**
 * The host's cells. Where /sys names no nodes, or none of them has a processor that is online, there is one cell with
 * all processors and all memory, as libvirt has it.
 *
 * @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesHostNUMAInitReal and virCapabilitiesHostNUMAInitFake
 */
export function readCells(tree: HostTree, processors: readonly HostProcessor[]): readonly HostCell[] {
  const ids = nodeIds(tree);
  const pageKiB = basePageKiB(tree);
  const cells = ids.map(id => readCell(tree, id, {ids, pageKiB, processors}));
  if (cells.some(cell => cell.processors.length > 0)) return cells;
  return [{id: 0, memoryKiB: totalMemoryKiB(tree), pools: [], distances: [], processors}];
}

/** All memory that the kernel has. */
export function totalMemoryKiB(tree: HostTree): bigint {
  return kibOf(tree.text('/proc/meminfo'), 'MemTotal') ?? 0n;
}

/** The sizes of pages, ascending: the base size and those of huge pages. */
export function pageSizesKiB(tree: HostTree): readonly number[] {
  const huge = tree.names(POOLS).flatMap(name => poolSizeKiB(name) ?? []);
  return [basePageKiB(tree), ...huge].sort((a, b) => a - b);
}

function nodeIds(tree: HostTree): readonly number[] {
  const online = parseCpuList(tree.text(`${NODES}/online`));
  if (online.length > 0) return online;
  const named = tree.names(NODES).flatMap(name => /^node(\d+)$/.exec(name)?.[1] ?? []);
  return named.map(Number).sort((a, b) => a - b);
}

interface CellSurroundings {
  /** Of all cells. */
  readonly ids: readonly number[];
  readonly pageKiB: number;
  readonly processors: readonly HostProcessor[];
}

function readCell(tree: HostTree, id: number, {ids, pageKiB, processors}: CellSurroundings): HostCell {
  const folder = `${NODES}/node${id}`;
  const own = new Set(parseCpuList(tree.text(`${folder}/cpulist`)));
  const meminfo = tree.text(`${folder}/meminfo`);
  const memoryKiB = kibOf(meminfo, 'MemTotal') ?? 0n;
  const huge = readPools(tree, `${folder}/hugepages`);
  const distances = (tree.text(`${folder}/distance`) ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
  return {
    id,
    memoryKiB,
    pools: [basePool(pageKiB, memoryKiB, kibOf(meminfo, 'MemFree') ?? 0n, huge), ...huge],
    // One for each node that is online, in their order.
    distances: distances.length === ids.length ? ids.map((other, at) => ({id: other, value: distances[at] ?? 0})) : [],
    processors: processors.filter(processor => own.has(processor.id)),
  };
}

/** What is left beside the huge pages. */
function basePool(sizeKiB: number, memoryKiB: bigint, freeKiB: bigint, huge: readonly PagePool[]): PagePool {
  const inHuge = huge.reduce((sum, pool) => sum + pool.total * BigInt(pool.sizeKiB), 0n);
  const pages = (kib: bigint) => (kib < 0n ? 0n : kib / BigInt(sizeKiB));
  return {sizeKiB, total: pages(memoryKiB - inHuge), free: pages(freeKiB)};
}

function readPools(tree: HostTree, folder: string): readonly PagePool[] {
  const pools = tree.names(folder).flatMap(name => {
    const sizeKiB = poolSizeKiB(name);
    if (sizeKiB === undefined) return [];
    const count = (file: string) => BigInt(/^\d+/.exec(tree.text(`${folder}/${name}/${file}`) ?? '')?.[0] ?? 0);
    return [{sizeKiB, total: count('nr_hugepages'), free: count('free_hugepages')}];
  });
  return pools.sort((a, b) => a.sizeKiB - b.sizeKiB);
}

/** `hugepages-2048kB`. */
function poolSizeKiB(name: string): number | undefined {
  const size = /^hugepages-(\d+)kB$/.exec(name)?.[1];
  return size === undefined ? undefined : Number(size);
}

/** The kernel's own size, which it tells with every mapping: 4, on some ARM and POWER kernels 64 KiB. */
function basePageKiB(tree: HostTree): number {
  const size = /^KernelPageSize:\s*(\d+) kB/m.exec(tree.text('/proc/self/smaps', 4096) ?? '')?.[1];
  return Number(size ?? FALLBACK_PAGE_KIB);
}

/** `MemTotal: 123 kB`, also behind `Node 0`. */
function kibOf(meminfo: string | undefined, name: string): bigint | undefined {
  const value = new RegExp(`^(?:Node \\d+ )?${name}:\\s*(\\d+) kB$`, 'm').exec(meminfo ?? '')?.[1];
  return value === undefined ? undefined : BigInt(value);
}
