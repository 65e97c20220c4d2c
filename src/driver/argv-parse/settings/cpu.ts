import type {CpuDef} from '../../../model/domain/cpu.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption, splitCommas} from '../parse-option.ts';
import {readHyperv} from './hyperv.ts';

/** What an emulator has when no model is named: no wish. Source: libvirt 4.5.0, qemu_parse_command.c. */
const USUAL_MODELS = ['qemu32', 'qemu64'];

/** Models without long mode: an emulator for 64 bits is a 32-bit machine with them. Source: QEMU 7.2, target/i386/cpu.c, builtin_x86_defs. */
const MODELS_OF_32_BITS = ['486', 'pentium', 'pentium2', 'pentium3', 'athlon', 'coreduo', 'n270', 'kvm32', 'qemu32'];

type Feature = NonNullable<CpuDef['features']>[number];

/** `-cpu MODEL,+feature,-feature,key=value`. */
export function readCpu(arg: NativeArg, draft: NativeDraft): void {
  const [model = '', ...settings] = splitCommas(arg.value);
  if (model === '') {
    draft.error(arg, `-cpu names no processor`);
    return;
  }
  const features: Feature[] = [];
  for (const setting of settings) readSetting(arg, setting, features, draft);
  if (MODELS_OF_32_BITS.includes(model) && draft.arch === 'x86_64') draft.arch = 'i686';
  const isUsual = USUAL_MODELS.includes(model);
  // Features are those of a model, which has to be named then.
  if (isUsual && features.length === 0) return;
  const named = withMigratable(modelOf(model), features);
  draft.sections.cpu = {...draft.sections.cpu, ...named, ...(features.length > 0 ? {features} : {})};
}

/** Only the host's own model has this property, which is no feature of a processor. */
function withMigratable(cpu: CpuDef, features: Feature[]): CpuDef {
  const at = features.findIndex(({name}) => name === 'migratable');
  if (at < 0 || cpu.mode === undefined || cpu.mode === 'custom') return cpu;
  const [feature] = features.splice(at, 1);
  return {...cpu, migratable: feature?.policy === 'require' ? 'on' : 'off'};
}

function modelOf(model: string): CpuDef {
  if (model === 'host') return {mode: 'host-passthrough'};
  if (model === 'max') return {mode: 'maximum'};
  return {mode: 'custom', match: 'exact', model: {fallback: 'allow', name: model}};
}

function readSetting(arg: NativeArg, setting: string, features: Feature[], draft: NativeDraft): void {
  const {name, on} = switchOf(setting);
  if (name === 'kvmclock') {
    addKvmclock(arg, on ?? true, draft);
  } else if (readKvm(setting, draft) || readHyperv(setting, draft)) {
    return;
  } else if (on !== undefined && /^[A-Za-z0-9_.-]+$/.test(name)) {
    features.push({policy: on ? 'require' : 'disable', name});
  } else {
    draft.warn(arg, `'${setting}' of -cpu is left out: the domain XML has no word for it`);
  }
}

/** The clock of the hypervisor is a timer of the XML, and not a feature. */
function addKvmclock(arg: NativeArg, present: boolean, draft: NativeDraft): void {
  const earlier = draft.timers.find(({name}) => name === 'kvmclock');
  if (!earlier) draft.timers.push({name: 'kvmclock', present});
  else if (earlier.present !== present) draft.error(arg, 'kvmclock of -cpu is both wanted and not wanted');
}

/** `+name`, `-name`, `name`, `name=on`; of another value `on` is undefined. */
function switchOf(setting: string): {readonly name: string; readonly on: boolean | undefined} {
  if (setting.startsWith('+')) return {name: setting.slice(1), on: true};
  if (setting.startsWith('-')) return {name: setting.slice(1), on: false};
  const bag = parseOption(setting.replaceAll(',', ',,'));
  const [pair] = bag.rest;
  if (!pair) return {name: setting, on: undefined};
  return {name: pair.key, on: pair.value === undefined ? true : bag.takeSwitch(pair.key)};
}

/** What the XML has among the features of the hypervisor. */
function readKvm(setting: string, draft: NativeDraft): boolean {
  const {name, on} = switchOf(setting);
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
    case 'kvm_pv_eoi':
      draft.features.apic = true;
      draft.features.apicEoi = on;
      return true;
    case 'pmu':
      draft.features.pmu = {state: on};
      return true;
    default:
      return false;
  }
}
