import type {SystemNames} from '../../host/host-facts.ts';
import {type HostTree, readOnce} from '../../host/host-tree.ts';
import type {HostCapabilities, HostInfo, KvmStatus} from '../../model/capabilities.ts';
import type {HostCell, HostProcessor} from '../../model/host-detail.ts';
import {readCacheBanks} from './cache-banks.ts';
import {countTopology, readProcessors} from './cpu-topology.ts';
import {type CpuFacts, cpuOfKernel, readCpuFacts} from './host-cpu.ts';
import {pageSizesKiB, readCells, totalMemoryKiB} from './numa-cells.ts';
import {hasIommu, readSuspend} from './power.ts';
import {readBandwidth, readMonitors} from './resource-control.ts';
import {type GuestOwner, readSecurityModels} from './security-models.ts';

/** Of libvirt's QEMU driver. Source: libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsInit. */
const MIGRATION_TRANSPORTS = ['tcp', 'rdma'];

/** Where the maker's name of the processor stands, and its clock, by architecture. */
const MODEL_NAMES = ['model name', 'cpu model', 'cpu'];
const CLOCKS = ['cpu MHz', 'clock'];

/** A host in short, with fallbacks for what its kernel does not tell. */
export function summariseHost(tree: HostTree, names: SystemNames, kvm: KvmStatus): HostInfo {
  return infoOf(readParts(tree), tree, names, kvm);
}

/** A host with all that capabilities tell of it. */
export function describeHost(
  files: HostTree,
  {names, kvm, owner}: {readonly names: SystemNames; readonly kvm: KvmStatus; readonly owner: GuestOwner},
): HostCapabilities {
  const tree = readOnce(files);
  const parts = readParts(tree);
  const caches = readCacheBanks(tree, parts.processors);
  return {
    ...infoOf(parts, tree, names, kvm),
    cpu: cpuOfKernel(parts.cpu, names.machine),
    cells: parts.cells,
    pageSizesKiB: pageSizesKiB(tree),
    suspend: readSuspend(tree),
    iommu: hasIommu(tree),
    migrationTransports: MIGRATION_TRANSPORTS,
    caches,
    bandwidth: readBandwidth(tree, caches),
    ...readMonitors(tree),
    securityModels: readSecurityModels(tree, owner),
  };
}

interface HostParts {
  readonly processors: readonly HostProcessor[];
  readonly cells: readonly HostCell[];
  readonly cpu: CpuFacts;
}

function readParts(tree: HostTree): HostParts {
  const processors = readProcessors(tree);
  return {processors, cells: readCells(tree, processors), cpu: readCpuFacts(tree)};
}

function infoOf({processors, cells, cpu}: HostParts, tree: HostTree, names: SystemNames, kvm: KvmStatus): HostInfo {
  const first = (keys: readonly string[]) => keys.map(key => cpu.get(key)).find(Boolean);
  return {
    hostname: names.hostname,
    uuid: hostUuid(tree),
    arch: names.machine,
    cpuModel: first(MODEL_NAMES) ?? names.machine,
    cpus: processors.length,
    mhz: Math.round(Number.parseFloat(first(CLOCKS) ?? '') || 0),
    ...countTopology(processors, cells.filter(cell => cell.processors.length > 0).length),
    memoryKiB: totalMemoryKiB(tree),
    kvm,
  };
}

/** The board's UUID, else that of the installation; empty when there is neither. */
function hostUuid(tree: HostTree): string {
  const digits = ['/sys/class/dmi/id/product_uuid', '/etc/machine-id']
    .map(path => (tree.text(path) ?? '').replaceAll(/[\s-]/g, '').toLowerCase())
    .find(text => /^[0-9a-f]{32}$/.test(text));
  return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') ?? '';
}
