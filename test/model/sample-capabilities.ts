import type {Capabilities, EmulatorCaps, MachineInfo} from '../../src/model/capabilities.ts';

function machine(name: string, more: Partial<MachineInfo> = {}): MachineInfo {
  return {name, isDefault: false, deprecated: false, maxCpus: 255, ...more};
}

function caps(arch: string, more: Partial<EmulatorCaps> = {}): EmulatorCaps {
  return {
    version: '7.2.22',
    arch,
    flags: new Set(),
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
    coresPerSocket: 2,
    threadsPerCore: 1,
    memoryKiB: 4194304n,
    kvm: {usable: false, why: 'no /dev/kvm'},
  },
  emulators: [
    {path: '/opt/broken', status: 'failed', why: 'no'},
    {path: '/usr/bin/qemu-kvm', status: 'ok', caps: caps('x86_64')},
    {path: '/usr/bin/qemu-system-i386', status: 'ok', caps: caps('i686', {kvmBuiltIn: false})},
    {
      path: '/usr/bin/qemu-system-ppc',
      status: 'ok',
      caps: caps('ppc', {machines: [machine('prep', {deprecated: true})]}),
    },
    {path: '/usr/bin/qemu-system-x86_64', status: 'ok', caps: caps('x86_64')},
    {path: '/usr/bin/qemu-system-z', status: 'probing'},
  ],
  searched: ['/usr/bin'],
};

const {host} = CAPABILITIES;
/** The same host, where KVM can be used. */
export const WITH_KVM: Capabilities = {...CAPABILITIES, host: {...host, kvm: {usable: true}}};
/** A host of two cells about which little is known, without emulators. */
export const BARE: Capabilities = {host: {...host, uuid: '', cpuModel: '', numaNodes: 2}, emulators: [], searched: []};
