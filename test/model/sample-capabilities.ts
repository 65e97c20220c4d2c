import type {Capabilities, EmulatorCaps, MachineInfo} from '../../src/model/capabilities.ts';

function machine(name: string, more: Partial<MachineInfo> = {}): MachineInfo {
  return {name, isDefault: false, deprecated: false, maxCpus: 255, ...more};
}

/** An emulator of QEMU 7.2 with two names of one board. */
export function caps(arch: string, more: Partial<EmulatorCaps> = {}): EmulatorCaps {
  return {
    version: '7.2.22',
    arch,
    flags: new Set(['qmp']),
    machines: [machine('pc-i440fx-7.2', {isDefault: true}), machine('pc', {aliasOf: 'pc-i440fx-7.2'})],
    cpuModels: [],
    devices: new Set(),
    kvmBuiltIn: true,
    ...more,
  };
}

/** A host without KVM, with two emulators of its own architecture, and one that failed. */
export const CAPABILITIES: Capabilities = {
  host: {
    hostname: 'host',
    uuid: 'c7a5fdbd-edaf-9455-926a-d65c16db1809',
    arch: 'x86_64',
    cpuModel: 'Some <CPU> & Co',
    cpus: 2,
    mhz: 2500,
    numaNodes: 1,
    sockets: 1,
    diesPerSocket: 1,
    coresPerSocket: 2,
    threadsPerCore: 1,
    memoryKiB: 4194304n,
    kvm: {usable: false, why: 'no /dev/kvm'},
    cpu: {
      model: 'Broadwell',
      vendor: 'Intel',
      microcode: 17,
      signature: {family: 6, model: 79, stepping: 1},
      tsc: {frequencyHz: 2_500_000_000, scaling: true},
      physicalAddressBits: 46,
      features: ['vme', 'sse4.2', 'avx512f'],
      source: 'QEMU',
    },
    cells: [
      {
        id: 0,
        memoryKiB: 3145728n,
        pools: [
          {sizeKiB: 4, total: 784384n, free: 1n},
          {sizeKiB: 2048, total: 4n, free: 4n},
        ],
        distances: [
          {id: 0, value: 10},
          {id: 2, value: 21},
        ],
        processors: [0, 1].map(id => ({id, place: {socketId: 0, dieId: 0, coreId: 0, siblings: [0, 1]}})),
      },
      {id: 2, memoryKiB: 1048576n, pools: [], distances: [], processors: []},
    ],
    pageSizesKiB: [4, 2048],
    suspend: {memory: true, disk: true, hybrid: true},
    iommu: true,
    migrationTransports: ['tcp', 'rdma'],
    caches: [
      {
        id: 0,
        level: 3,
        type: 'both',
        sizeBytes: 15_728_640,
        processors: [0, 1],
        controls: [{type: 'both', granularityBytes: 786_432, minBytes: 1_572_864, maxAllocations: 4}],
      },
    ],
    cacheMonitor: {level: 3, reuseThresholdBytes: 270_336, maxMonitors: 176, features: ['llc_occupancy']},
    bandwidth: [{id: 0, processors: [0, 1], granularity: 10, min: 10, maxAllocations: 4}],
    bandwidthMonitor: {maxMonitors: 176, features: ['mbm_total_bytes', 'mbm_local_bytes']},
    securityModels: [
      {
        model: 'selinux',
        labels: [
          {type: 'kvm', label: 'system_u:system_r:svirt_t:s0'},
          {type: 'qemu', label: 'system_u:system_r:svirt_tcg_t:s0'},
        ],
      },
      {
        model: 'dac',
        labels: [
          {type: 'kvm', label: '+107:+107'},
          {type: 'qemu', label: '+107:+107'},
        ],
      },
    ],
  },
  emulators: [
    {path: '/opt/broken', status: 'failed', why: 'no'},
    {path: '/usr/bin/qemu-kvm', status: 'ok', caps: caps('x86_64')},
    {path: '/usr/bin/qemu-system-alpha', status: 'ok', caps: caps('alpha', {flags: new Set(), machines: []})},
    {path: '/usr/bin/qemu-system-i386', status: 'ok', caps: caps('i686')},
    {
      path: '/usr/bin/qemu-system-ppc',
      status: 'ok',
      caps: caps('ppc', {machines: [machine('40p', {deprecated: true}), machine('g3beige', {isDefault: true})]}),
    },
    {path: '/usr/bin/qemu-system-x86_64', status: 'ok', caps: caps('x86_64', {kvmBuiltIn: false})},
    {path: '/usr/bin/qemu-system-z', status: 'probing'},
  ],
  searched: ['/usr/bin'],
};

const {host} = CAPABILITIES;
/** The same host, where KVM can be used. */
export const WITH_KVM: Capabilities = {...CAPABILITIES, host: {...host, kvm: {usable: true}}};
/** A host about which little is known, without emulators. */
export const BARE: Capabilities = {
  host: {
    ...host,
    uuid: '',
    cpu: {features: ['sse4.2', 'aes'], source: 'the kernel'},
    cells: [{id: 0, memoryKiB: 0n, pools: [], distances: [], processors: [{id: 0}]}],
    suspend: {memory: false, disk: false, hybrid: false},
    iommu: false,
    caches: [],
    bandwidth: [],
    securityModels: [{model: 'none', labels: []}],
  },
  emulators: [],
  searched: [],
};
