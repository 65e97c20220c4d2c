import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {switched} from './machine-features.ts';
import type {OptionRecord, OptionValue} from './qemu-arg.ts';

/** Timers that are features of the processor. */
export function clockFeatures({clock}: DomainDef): OptionRecord {
  const options: Record<string, OptionValue> = {};
  for (const {name, present, tickpolicy, frequencyHz} of clock.timers ?? []) {
    if (name === 'kvmclock' && present !== undefined) options.kvmclock = present;
    if (name === 'hypervclock' && present === true) options['hv-time'] = true;
    if (name === 'tsc' && frequencyHz !== undefined) options['tsc-frequency'] = frequencyHz;
    if (name === 'armvtimer' && tickpolicy !== undefined) options['kvm-no-adjvtime'] = tickpolicy === 'discard';
  }
  return options;
}

/** `<features>` that QEMU knows as features of the processor. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCpuCommandLine. */
export function featureOptions(def: DomainDef): OptionRecord {
  const {features} = def;
  return {
    'kvm-pv-eoi': features.apicEoi,
    'kvm-pv-unhalt': switched(features.pvspinlock),
    pmu: switched(features.pmu),
    ...hypervOptions(def),
    ...kvmOptions(def),
  };
}

function on(state: boolean | undefined): true | undefined {
  return state === true ? true : undefined;
}

/** Of an enlightenment only `on` is said: all are off by default. */
function hypervOptions(def: DomainDef): OptionRecord {
  const {hyperv} = def.features;
  const {spinlocks, stimer, vendorId} = hyperv ?? {};
  return {
    'hv-passthrough': hyperv?.mode === 'passthrough' ? true : undefined,
    'hv-relaxed': on(hyperv?.relaxed),
    'hv-vapic': on(hyperv?.vapic),
    'hv-spinlocks': spinlocks?.state ? `0x${(spinlocks.retries ?? 0).toString(16)}` : undefined,
    'hv-vpindex': on(hyperv?.vpindex),
    'hv-runtime': on(hyperv?.runtime),
    'hv-synic': on(hyperv?.synic),
    'hv-stimer': on(stimer?.state),
    'hv-stimer-direct': stimer?.state ? on(stimer.direct) : undefined,
    'hv-reset': on(hyperv?.reset),
    'hv-vendor-id': vendorId?.state ? vendorId.value : undefined,
    'hv-frequencies': on(hyperv?.frequencies),
    'hv-reenlightenment': on(hyperv?.reenlightenment),
    'hv-tlbflush': on(hyperv?.tlbflush),
    'hv-ipi': on(hyperv?.ipi),
    'hv-evmcs': on(hyperv?.evmcs),
    'hv-avic': on(hyperv?.avic),
    'hv-crash': devicesOf(def, 'panic').some(({model}) => model === 'hyperv') ? true : undefined,
  };
}

function kvmOptions({features: {kvm}}: DomainDef): OptionRecord {
  return {
    kvm: kvm?.hidden === true ? false : undefined,
    'kvm-hint-dedicated': on(kvm?.hintDedicated),
    'kvm-poll-control': on(kvm?.pollControl),
    'kvm-pv-ipi': kvm?.pvIpi === false ? false : undefined,
  };
}

/** The caches and the address width that the guest is told. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCpuCommandLine. */
export function cacheOptions({cpu}: DomainDef): OptionRecord {
  const isHost = cpu?.mode === 'host-passthrough' || cpu?.mode === 'maximum';
  const hostOff = isHost ? false : undefined;
  const phys = cpu?.maxphysaddr;
  return {
    ...cacheInfo(cpu?.cache?.mode, hostOff),
    'host-phys-bits': phys?.mode === 'passthrough' ? true : undefined,
    'phys-bits': phys?.mode === 'emulate' ? phys.bits : undefined,
  };
}

function cacheInfo(mode: 'emulate' | 'passthrough' | 'disable' | undefined, hostOff: false | undefined): OptionRecord {
  switch (mode) {
    case 'emulate':
      return {'l3-cache': true, 'host-cache-info': hostOff};
    case 'passthrough':
      return {'host-cache-info': true, 'l3-cache': false};
    case 'disable':
      return {'host-cache-info': hostOff, 'l3-cache': false};
    case undefined:
      return {};
  }
}
