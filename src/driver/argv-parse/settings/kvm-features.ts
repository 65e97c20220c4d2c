import type {NativeDraft} from '../native-draft.ts';
import type {CpuSetting} from './cpu-setting.ts';

/** What the XML has among the features of KVM. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCpuCommandLine. */
export function readKvm({name, on}: CpuSetting, draft: NativeDraft): boolean {
  if (on === undefined) return false;
  const {kvm} = draft.features;
  switch (name) {
    case 'kvm':
      draft.features.kvm = {...kvm, hidden: !on};
      return true;
    case 'kvm-hint-dedicated':
      draft.features.kvm = {...kvm, hintDedicated: on};
      return true;
    case 'kvm-poll-control':
      draft.features.kvm = {...kvm, pollControl: on};
      return true;
    case 'kvm-pv-ipi':
      draft.features.kvm = {...kvm, pvIpi: on};
      return true;
    case 'kvm-pv-eoi':
      draft.features.apic = true;
      draft.features.apicEoi = on;
      return true;
    case 'kvm-pv-unhalt':
      draft.features.pvspinlock = {state: on};
      return true;
    case 'pmu':
      draft.features.pmu = {state: on};
      return true;
    default:
      return false;
  }
}
