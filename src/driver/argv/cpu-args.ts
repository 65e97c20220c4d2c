import type {DomainDef} from '../../model/domain-def.ts';
import {devicesOf} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {type OptionRecord, type OptionValue, optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/** `-cpu` where the definition says something of the processor, and `-smp`. */
export function buildCpuArgs(input: ArgvInput): QemuArg[] {
  return [...cpuModel(input), smp(input.def)];
}

function cpuModel(input: ArgvInput): QemuArg[] {
  const {cpu} = input.def;
  const options = {...policies(input.def), ...clockFeatures(input.def), ...featureOptions(input.def)};
  const name = modelName(input) ?? (Object.keys(options).length > 0 ? usualModel(input) : undefined);
  if (name === undefined) return [];
  const migratable = cpu?.mode === 'host-passthrough' || cpu?.mode === 'maximum' ? cpu.migratable : undefined;
  return [optionsArg('-cpu', {migratable, ...options}, {key: 'model', value: name})];
}

function modelName(input: ArgvInput): string | undefined {
  const {cpu} = input.def;
  switch (cpu?.mode) {
    case 'host-passthrough':
      return 'host';
    case 'maximum':
      return 'max';
    case 'host-model':
      throw notYetSupported("<cpu mode='host-model'>", input);
    default:
      return cpu?.model?.name;
  }
}

/** What QEMU itself would take for a PC. */
function usualModel({def}: ArgvInput): string {
  return def.os.arch === 'i686' ? 'qemu32' : 'qemu64';
}

function policies({cpu}: DomainDef): OptionRecord {
  const features = cpu?.features ?? [];
  const vendor = cpu?.model?.vendorId === undefined ? {} : {vendor: cpu.model.vendorId};
  const named = features
    .filter(({policy}) => policy !== 'optional' && policy !== 'forbid')
    .map(({name, policy}) => [name.replaceAll('_', '-'), policy !== 'disable'] as const);
  const forbidden = features
    .filter(({policy}) => policy === 'forbid')
    .map(({name}) => [name.replaceAll('_', '-'), false] as const);
  return {...vendor, ...Object.fromEntries([...named, ...forbidden])};
}

/** Timers that are features of the processor. */
function clockFeatures({clock}: DomainDef): OptionRecord {
  const options: Record<string, OptionValue> = {};
  for (const {name, present, frequencyHz} of clock.timers ?? []) {
    if (name === 'kvmclock' && present !== undefined) options.kvmclock = present;
    if (name === 'hypervclock' && present === true) options['hv-time'] = true;
    if (name === 'tsc' && frequencyHz !== undefined) options['tsc-frequency'] = frequencyHz;
  }
  return options;
}

/** `<features>` that QEMU knows as features of the processor. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCpuCommandLine. */
function featureOptions(def: DomainDef): OptionRecord {
  const {features} = def;
  const {hyperv, kvm} = features;
  const on = (state: boolean | undefined) => (state === true ? true : undefined);
  const options: OptionRecord = {
    'kvm-pv-eoi': features.apicEoi,
    'kvm-pv-unhalt': features.pvspinlock && (features.pvspinlock.state ?? true),
    pmu: features.pmu && (features.pmu.state ?? true),
    'hv-passthrough': hyperv?.mode === 'passthrough' ? true : undefined,
    'hv-relaxed': on(hyperv?.relaxed),
    'hv-vapic': on(hyperv?.vapic),
    'hv-spinlocks': hyperv?.spinlocks?.state ? `0x${(hyperv.spinlocks.retries ?? 0).toString(16)}` : undefined,
    'hv-vpindex': on(hyperv?.vpindex),
    'hv-runtime': on(hyperv?.runtime),
    'hv-synic': on(hyperv?.synic),
    'hv-stimer': on(hyperv?.stimer?.state),
    'hv-stimer-direct': on(hyperv?.stimer?.direct),
    'hv-reset': on(hyperv?.reset),
    'hv-vendor-id': hyperv?.vendorId?.state ? hyperv.vendorId.value : undefined,
    'hv-frequencies': on(hyperv?.frequencies),
    'hv-reenlightenment': on(hyperv?.reenlightenment),
    'hv-tlbflush': on(hyperv?.tlbflush),
    'hv-ipi': on(hyperv?.ipi),
    'hv-evmcs': on(hyperv?.evmcs),
    'hv-avic': on(hyperv?.avic),
    'hv-crash': devicesOf(def, 'panic').some(({model}) => model === 'hyperv') ? true : undefined,
    kvm: kvm?.hidden === true ? false : undefined,
    'kvm-hint-dedicated': on(kvm?.hintDedicated),
    'kvm-poll-control': on(kvm?.pollControl),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** `-smp N`, with the processors that can be added and the topology, where they are said. */
function smp({vcpus, vcpuPlacement, cpu}: DomainDef): QemuArg {
  const current = vcpuPlacement?.current ?? vcpus;
  const topology = cpu?.topology;
  if (current === vcpus && !topology) return textArg('-smp', String(vcpus));
  const options = {
    maxcpus: current === vcpus ? undefined : vcpus,
    sockets: topology?.sockets ?? vcpus,
    dies: topology?.dies === 1 ? undefined : topology?.dies,
    cores: topology?.cores ?? 1,
    threads: topology?.threads ?? 1,
  };
  return optionsArg('-smp', options, {key: 'cpus', value: String(current)});
}
