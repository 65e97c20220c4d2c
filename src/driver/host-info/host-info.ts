import type {HostInfo, KvmStatus} from '../../model/capabilities.ts';

/** The texts and names that a host's description is read from; what a host does not show is undefined. */
export interface HostFacts {
  readonly hostname: string;
  /** As `uname -m` has it. */
  readonly machine: string;
  readonly cpuinfo?: string | undefined;
  readonly meminfo?: string | undefined;
  /** `/sys/devices/system/cpu/online`, e.g. `0-3,8`. */
  readonly onlineCpus?: string | undefined;
  readonly onlineNodes?: string | undefined;
  readonly topology: readonly CpuPlace[];
  readonly productUuid?: string | undefined;
  readonly machineId?: string | undefined;
}

/** Where one logical processor sits. */
export interface CpuPlace {
  readonly packageId: string;
  readonly coreId: string;
}

/** The host's description, complete with fallbacks for what its kernel does not tell. */
export function buildHostInfo(facts: HostFacts, kvm: KvmStatus): HostInfo {
  const cpuinfo = facts.cpuinfo ?? '';
  const cpus = countCpus(facts);
  return {
    hostname: facts.hostname,
    uuid: hostUuid(facts),
    arch: facts.machine,
    cpuModel: cpuinfoField(cpuinfo, /^(?:model name|cpu model|cpu)\s*:\s*(.+)$/m) ?? facts.machine,
    cpus,
    mhz: Math.round(Number(cpuinfoField(cpuinfo, /^(?:cpu MHz|clock)\s*:\s*([\d.]+)/m) ?? 0)),
    ...topologyOf(facts, cpus),
    memoryKiB: BigInt(/^MemTotal:\s*(\d+) kB$/m.exec(facts.meminfo ?? '')?.[1] ?? 0),
    kvm,
  };
}

/**
 * The numbers of a list such as `0-3,8`.
 * @see Linux, Documentation/admin-guide/cputopology.rst
 */
export function parseCpuList(text: string): readonly number[] {
  return text
    .trim()
    .split(',')
    .filter(part => part !== '')
    .flatMap(part => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({length: last - first + 1}, (_, index) => first + index);
    });
}

function countCpus(facts: HostFacts): number {
  const online = parseCpuList(facts.onlineCpus ?? '').length;
  return online || [...(facts.cpuinfo ?? '').matchAll(/^processor\s*:/gm)].length || 1;
}

type Topology = Pick<HostInfo, 'numaNodes' | 'sockets' | 'coresPerSocket' | 'threadsPerCore'>;

/**
 * Sockets of one NUMA node, cores of one socket, threads of one core. A host that is not so regular is
 * told as one socket with a core for each processor, as libvirt does. Source: libvirt 9.0.0, src/util/virhostcpu.c.
 */
function topologyOf({topology, onlineNodes}: HostFacts, cpus: number): Topology {
  const numaNodes = parseCpuList(onlineNodes ?? '').length || 1;
  const packages = new Set(topology.map(place => place.packageId)).size;
  const cores = new Set(topology.map(place => `${place.packageId}/${place.coreId}`)).size;
  const [sockets, coresPerSocket, threadsPerCore] = [packages / numaNodes, cores / packages, cpus / cores];
  const regular = [sockets, coresPerSocket, threadsPerCore].every(count => Number.isInteger(count) && count > 0);
  return regular
    ? {numaNodes, sockets, coresPerSocket, threadsPerCore}
    : {numaNodes: 1, sockets: 1, coresPerSocket: cpus, threadsPerCore: 1};
}

/** The board's UUID, else that of the installation; empty when there is neither. */
function hostUuid({productUuid, machineId}: HostFacts): string {
  const digits = [productUuid, machineId]
    .map(text => (text ?? '').replaceAll(/[\s-]/g, '').toLowerCase())
    .find(text => /^[0-9a-f]{32}$/.test(text));
  return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') ?? '';
}

function cpuinfoField(cpuinfo: string, pattern: RegExp): string | undefined {
  return pattern.exec(cpuinfo)?.[1]?.trim();
}
