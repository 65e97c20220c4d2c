import type {Capabilities, EmulatorCaps, HostCapabilities} from '../../src/model/capabilities.ts';
import type {DomainCapabilities} from '../../src/model/domain-capabilities.ts';
import type {ForeignGuest} from '../../src/model/foreign-guest.ts';
import type {DomainSummary} from '../../src/model/hypervisor.ts';
import {inPart, type SecurityReport} from '../../src/model/security-report.ts';

/** A domain as a list shows it: shut off and persistent unless told otherwise. The UUID follows from the name. */
export function sampleDomain(fields: Partial<DomainSummary> & {readonly name: string}): DomainSummary {
  const active = fields.state !== undefined && fields.state.is !== 'shut off';
  return {
    uuid: uuidFor(fields.name),
    id: active ? 1 : -1,
    state: {is: 'shut off', reason: 'unknown'},
    persistent: true,
    autostart: false,
    osType: 'hvm',
    arch: 'x86_64',
    vcpus: 1,
    memoryKiB: 16384n,
    ...(active ? {pid: 4242, startedAtMs: 1_700_000_000_000} : {}),
    lastWords: [],
    ...fields,
  };
}

/** A running domain with the id given. */
export function runningDomain(name: string, id: number, fields: Partial<DomainSummary> = {}): DomainSummary {
  return sampleDomain({name, id, state: {is: 'running', reason: 'booted'}, pid: 4000 + id, ...fields});
}

/** A guest that something else started; by hand unless told otherwise. */
export function foreignDomain(name: string, pid: number, foreign: Partial<ForeignGuest> = {}): DomainSummary {
  return runningDomain(`${name}@${pid}`, -1, {
    pid,
    persistent: false,
    foreign: {
      runner: {is: 'by hand', parent: 'bash'},
      uid: 1000,
      user: 'ann',
      problems: [],
      monitor: true,
      console: true,
      ...foreign,
    },
  });
}

/** The same UUID for the same name, of valid form. */
export function uuidFor(name: string): string {
  const hex = [...name].map(char => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  const digits = hex.padEnd(32, '0').slice(0, 32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

/** A host of two CPUs without usable KVM. */
export const SAMPLE_HOST: HostCapabilities = {
  hostname: 'test.example',
  uuid: '6c1f0d0e-0b1a-4c55-8a3e-2f7b0c9d1e11',
  arch: 'x86_64',
  cpuModel: 'x86_64',
  cpus: 2,
  mhz: 2400,
  numaNodes: 1,
  sockets: 1,
  diesPerSocket: 1,
  coresPerSocket: 2,
  threadsPerCore: 1,
  memoryKiB: 8_388_608n,
  kvm: {usable: false, why: '/dev/kvm does not exist'},
  cpu: {vendor: 'Intel', features: ['sse4.2', 'avx2'], source: 'the kernel'},
  cells: [
    {
      id: 0,
      memoryKiB: 8_388_608n,
      pools: [
        {sizeKiB: 4, total: 2_095_104n, free: 1_000_000n},
        {sizeKiB: 2048, total: 4n, free: 3n},
      ],
      distances: [{id: 0, value: 10}],
      processors: [0, 1].map(id => ({id, place: {socketId: 0, dieId: 0, coreId: id, siblings: [id]}})),
    },
  ],
  pageSizesKiB: [4, 2048],
  suspend: {memory: false, disk: false, hybrid: false},
  iommu: false,
  migrationTransports: ['tcp', 'rdma'],
  caches: [],
  bandwidth: [],
  securityModels: [{model: 'none', labels: []}],
};

/** An emulator that was probed: QEMU 7.2 for x86_64. */
export const SAMPLE_EMULATOR: EmulatorCaps = {
  version: '7.2.22',
  arch: 'x86_64',
  flags: new Set(['qmp', 'tcg', 'sandbox', 'action', 'no-reboot', 'blockdev', 'chardev-logfile', 'machine-graphics']),
  machines: [
    {name: 'pc-i440fx-7.2', isDefault: true, deprecated: false, maxCpus: 255},
    {name: 'pc', aliasOf: 'pc-i440fx-7.2', isDefault: true, deprecated: false, maxCpus: 255},
    {name: 'pc-q35-7.2', isDefault: false, deprecated: false, maxCpus: 288},
  ],
  cpuModels: [
    {name: 'Broadwell', aliasOf: 'Broadwell-v1', deprecated: false, lacks: {tcg: ['pcid', 'x2apic']}},
    {name: 'max', deprecated: false, lacks: {tcg: []}},
    {name: 'qemu64', deprecated: true, lacks: {tcg: []}},
  ],
  devices: new Set(['e1000', 'virtio-blk-pci', 'isa-serial']),
  kvmBuiltIn: true,
};

/** One emulator of each status: probed, failed, and still being probed. */
export const SAMPLE_CAPABILITIES: Capabilities = {
  host: SAMPLE_HOST,
  emulators: [
    {path: '/usr/bin/qemu-system-mips', status: 'failed', why: 'it exited with status 1 before it answered'},
    {path: '/usr/bin/qemu-system-ppc', status: 'probing'},
    {path: '/usr/bin/qemu-system-x86_64', status: 'ok', caps: SAMPLE_EMULATOR},
  ],
  searched: ['/usr/local/bin', '/usr/bin', '/usr/libexec'],
};

/** What domains of type kvm can have: hardly anything. */
export function sampleDomainCapabilities(): DomainCapabilities {
  return {
    emulator: '/usr/bin/qemu-kvm',
    domainType: 'kvm',
    machine: 'pc-q35-7.2',
    arch: 'x86_64',
    maxVcpus: 288,
    iothreads: true,
    firmware: [],
    loader: {paths: [], types: ['rom'], hasSecureBoot: false},
    cpu: {hostPassthrough: true, maximum: true, hostModel: undefined, whyNoHostModel: 'it was not asked', models: []},
    memorySources: ['anonymous'],
    devices: [],
    features: [],
    sev: undefined,
    sgx: undefined,
  };
}

/** An unprivileged process without any capability, its seccomp filter on. */
export function sampleSecurity(domain: string): SecurityReport {
  const ids = {real: 1000, effective: 1000, saved: 1000, fs: 1000};
  return {
    domain,
    credentials: {
      pid: 4001,
      uid: ids,
      gid: ids,
      groups: [1000],
      capabilities: {inheritable: 0n, permitted: 0n, effective: 0n, bounding: 0x1ff_ffff_ffffn, ambient: 0n},
      noNewPrivs: true,
      seccomp: {mode: 'filter', filters: 1},
    },
    checks: inPart('process', [
      {aspect: 'user', asked: 'the user of the session', observed: '1000', verdict: 'ok'},
      {aspect: 'effective capabilities', asked: 'none', observed: 'none', verdict: 'ok'},
      {aspect: 'bounding set', asked: 'none', observed: '41 capabilities', verdict: 'note'},
      {aspect: 'seccomp', asked: 'filter', observed: 'filter', verdict: 'ok'},
    ]),
  };
}
