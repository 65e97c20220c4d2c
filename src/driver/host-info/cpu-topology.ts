import type {HostTree} from '../../host/host-tree.ts';
import {parseNodeSet} from '../../model/fields/node-set.ts';
import type {HostProcessor, ProcessorPlace} from '../../model/host-detail.ts';

const CPUS = '/sys/devices/system/cpu';

/** How a host's processors are arranged, as `lscpu` counts it. */
export interface CpuCounts {
  /** Of one cell. */
  readonly sockets: number;
  readonly diesPerSocket: number;
  /** Over all dies of a socket. */
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  /** 1 where the arrangement is uneven, as libvirt counts it then. */
  readonly numaNodes: number;
}

/** The members of a list such as `0-3,8`; none of an empty, absent or foreign text. @see Linux, Documentation/admin-guide/cputopology.rst */
export function parseCpuList(text: string | undefined): readonly number[] {
  return parseNodeSet((text ?? '').trim()) ?? [];
}

/** The processors that are online, with their places; those that /proc/cpuinfo counts where /sys tells nothing. */
export function readProcessors(tree: HostTree): readonly HostProcessor[] {
  const online = parseCpuList(tree.text(`${CPUS}/online`));
  const ids = online.length > 0 ? online : (listedCpus(tree) ?? countedCpus(tree));
  const places = new Map<number, ProcessorPlace>();
  return ids.map(id => {
    const place = places.get(id) ?? readPlace(tree, id);
    // Threads of one core have the same place: it is read once.
    for (const sibling of place?.siblings ?? []) if (place) places.set(sibling, place);
    return place ? {id, place} : {id};
  });
}

/** `cpu0`, `cpu1`... of /sys: a kernel without hotplug has no list of those online. */
function listedCpus(tree: HostTree): readonly number[] | undefined {
  const ids = tree.names(CPUS).flatMap(name => /^cpu(\d+)$/.exec(name)?.[1] ?? []);
  return ids.length === 0 ? undefined : ids.map(Number).sort((a, b) => a - b);
}

const CPUINFO_MAX_BYTES = 4 * 1024 * 1024;

function countedCpus(tree: HostTree): readonly number[] {
  const cpuinfo = tree.text('/proc/cpuinfo', CPUINFO_MAX_BYTES) ?? '';
  const ids = [...cpuinfo.matchAll(/^processor\s*:?\s*(\d+)/gm)].map(found => Number(found[1]));
  return ids.length === 0 ? [0] : ids;
}

/** Undefined where the kernel does not tell. An id of -1 stands for `unknown`, as on some ARM boards: 0, as in libvirt. */
function readPlace(tree: HostTree, id: number): ProcessorPlace | undefined {
  const number = (name: string) => {
    const text = tree.text(`${CPUS}/cpu${id}/topology/${name}`);
    return text === undefined ? undefined : Math.max(0, Number.parseInt(text, 10) || 0);
  };
  const coreId = number('core_id');
  if (coreId === undefined) return undefined;
  const siblings = parseCpuList(tree.text(`${CPUS}/cpu${id}/topology/thread_siblings_list`));
  return {
    socketId: number('physical_package_id') ?? 0,
    dieId: number('die_id') ?? 0,
    coreId,
    siblings: siblings.includes(id) ? siblings : [id],
  };
}

/**
 * Sockets of one cell, dies and cores of one socket, threads of one core. A host that is not so regular is told as one
 * socket with a core for each processor, as libvirt does. Source: libvirt 9.0.0, src/util/virhostcpu.c.
 *
 * @param cells  how many cells have processors
 */
export function countTopology(processors: readonly HostProcessor[], cells: number): CpuCounts {
  const places = processors.flatMap(({place}) => place ?? []);
  const count = (key: (place: ProcessorPlace) => string) => new Set(places.map(key)).size;
  const packages = count(place => `${place.socketId}`);
  const dies = count(place => `${place.socketId}/${place.dieId}`);
  const cores = count(place => `${place.socketId}/${place.dieId}/${place.coreId}`);
  const counts = {
    numaNodes: Math.max(1, cells),
    sockets: packages / Math.max(1, cells),
    diesPerSocket: dies / packages,
    coresPerSocket: cores / packages,
    threadsPerCore: processors.length / cores,
  };
  const isRegular = Object.values(counts).every(part => Number.isInteger(part) && part > 0);
  if (isRegular && Number.isInteger(counts.coresPerSocket / counts.diesPerSocket)) return counts;
  return {numaNodes: 1, sockets: 1, diesPerSocket: 1, coresPerSocket: processors.length, threadsPerCore: 1};
}
