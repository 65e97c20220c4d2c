/** Where a processor sits, as the kernel numbers it. */
export interface ProcessorPlace {
  readonly socketId: number;
  readonly dieId: number;
  readonly coreId: number;
  /** The processors of the same core, this one too, ascending. */
  readonly siblings: readonly number[];
}

/** A logical processor that is online; without a place where the kernel tells none. */
export interface HostProcessor {
  readonly id: number;
  readonly place?: ProcessorPlace;
}

/** Memory of one page size in a cell: of the base size all that is not in huge pages, else the pool. */
export interface PagePool {
  readonly sizeKiB: number;
  readonly total: bigint;
  readonly free: bigint;
}

/** A NUMA node. A host without NUMA is one cell, without pools and distances. */
export interface HostCell {
  readonly id: number;
  readonly memoryKiB: bigint;
  /** The base size first. */
  readonly pools: readonly PagePool[];
  /** To each cell, itself too; 10 is local. */
  readonly distances: readonly {readonly id: number; readonly value: number}[];
  /** None for a cell that is memory only. */
  readonly processors: readonly HostProcessor[];
}

/** The processor as libvirt and QEMU name it. */
export interface HostCpu {
  /** The named model of which it lacks nothing, where there is one. */
  readonly model?: string;
  /** libvirt's short name, e.g. `Intel`. */
  readonly vendor?: string;
  readonly microcode?: number;
  readonly signature?: {readonly family: number; readonly model: number; readonly stepping: number};
  /** The time stamp counter, where its frequency is constant; `scaling`: whether a guest may be given another one. */
  readonly tsc?: {readonly frequencyHz: number; readonly scaling: boolean};
  readonly physicalAddressBits?: number;
  /** libvirt's names: those beyond the model, or all of them without a model. */
  readonly features: readonly string[];
  /** Who said which there are; the kernel leaves out those that it does not use. */
  readonly source: 'QEMU' | 'the kernel';
}

export type CacheType = 'both' | 'code' | 'data';

/** How a cache can be divided among guests. */
export interface CacheControl {
  readonly type: CacheType;
  readonly granularityBytes: number;
  /** Only where it is more than the granularity. */
  readonly minBytes?: number;
  readonly maxAllocations: number;
}

export interface CacheBank {
  readonly id: number;
  readonly level: number;
  readonly type: CacheType;
  readonly sizeBytes: number;
  readonly processors: readonly number[];
  readonly controls: readonly CacheControl[];
}

/** What can be counted for guests. `level` and `reuseThresholdBytes` are of a cache. */
export interface ResourceMonitor {
  readonly level?: number;
  readonly reuseThresholdBytes?: number;
  readonly maxMonitors: number;
  readonly features: readonly string[];
}

/** How the bandwidth to memory can be divided among guests, in per cent. */
export interface BandwidthNode {
  readonly id: number;
  readonly processors: readonly number[];
  readonly granularity: number;
  readonly min: number;
  readonly maxAllocations: number;
}

/** A way in which guests are kept apart. `labels` are those that a guest of each type begins with. */
export interface SecurityModel {
  readonly model: string;
  readonly labels: readonly {readonly type: 'kvm' | 'qemu'; readonly label: string}[];
}

/** What there is to know of a host beyond `HostInfo`. */
export interface HostDetail {
  readonly cpu: HostCpu;
  /** At least one, by their ids. */
  readonly cells: readonly HostCell[];
  /** Base size and sizes of huge pages, ascending. */
  readonly pageSizesKiB: readonly number[];
  readonly suspend: {readonly memory: boolean; readonly disk: boolean; readonly hybrid: boolean};
  /** Whether devices of the host can be given to guests. */
  readonly iommu: boolean;
  readonly migrationTransports: readonly string[];
  /** Of the last level, and those that can be divided. */
  readonly caches: readonly CacheBank[];
  readonly cacheMonitor?: ResourceMonitor;
  readonly bandwidth: readonly BandwidthNode[];
  readonly bandwidthMonitor?: ResourceMonitor;
  readonly securityModels: readonly SecurityModel[];
}
