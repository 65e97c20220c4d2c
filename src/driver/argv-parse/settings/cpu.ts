import {xmlFeatureName} from '../../../model/cpu/feature-names.ts';
import type {CpuDef} from '../../../model/domain/cpu.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {ownProperty} from '../own-property.ts';
import {splitCommas} from '../parse-option.ts';
import {shortened} from '../split-native.ts';
import {type CpuSetting, parseCpuSetting} from './cpu-setting.ts';
import {readHyperv} from './hyperv.ts';
import {readKvm} from './kvm-features.ts';

/** What an emulator has when no model is named: no wish. Source: libvirt 4.5.0, qemu_parse_command.c; one of 64 bits has another one today. */
const USUAL_MODELS: Readonly<Record<string, readonly string[]>> = {i686: ['qemu32', 'qemu64'], x86_64: ['qemu64']};

/** Models without long mode: an emulator for 64 bits is a 32-bit machine with them. Source: QEMU 7.2, target/i386/cpu.c, builtin_x86_defs. */
const MODELS_OF_32_BITS = ['486', 'pentium', 'pentium2', 'pentium3', 'athlon', 'coreduo', 'n270', 'kvm32', 'qemu32'];

/** What the settings say, besides what is a part of the hypervisor or a timer. */
interface CpuWishes {
  features: NonNullable<CpuDef['features']>[number][];
  vendorId?: string;
  migratable?: boolean;
  hostCache?: boolean;
  l3Cache?: boolean;
  maxphysaddr?: NonNullable<CpuDef['maxphysaddr']>;
  check?: 'full';
  /** The older model that a POWER processor runs as. */
  compat?: string;
}

/** `-cpu MODEL,+feature,-feature,key=value`. */
export function readCpu(arg: NativeArg, draft: NativeDraft): void {
  const [model = '', ...settings] = splitCommas(arg.value);
  if (model === '') {
    draft.error(arg, `-cpu names no processor`);
    return;
  }
  const wishes: CpuWishes = {features: []};
  for (const text of settings) {
    const setting = parseCpuSetting(text);
    if (readElsewhere(arg, setting, draft) || readProperty(setting, wishes) || readFeature(setting, wishes)) continue;
    draft.warn(arg, `'${shortened(text)}' of -cpu is left out: the domain XML has no word for it`);
  }
  const isUsual = ownProperty(USUAL_MODELS, draft.arch)?.includes(model);
  if (MODELS_OF_32_BITS.includes(model) && draft.arch === 'x86_64') draft.arch = 'i686';
  const {features, ...more} = wishes;
  // Features are those of a model, which has to be named then.
  if (isUsual && features.length === 0 && Object.keys(more).length === 0) return;
  draft.sections.cpu = {...draft.sections.cpu, ...cpuOf(model, wishes)};
}

function cpuOf(model: string, {features, vendorId, migratable, ...more}: CpuWishes): CpuDef {
  const isHost = model === 'host' || model === 'max';
  if (model === 'host' && more.compat !== undefined) {
    return {
      mode: 'host-model',
      model: {fallback: 'allow', name: more.compat},
      ...(features.length > 0 ? {features} : {}),
    };
  }
  return omitUndefined({
    mode: isHost ? (model === 'host' ? ('host-passthrough' as const) : ('maximum' as const)) : ('custom' as const),
    match: isHost ? undefined : ('exact' as const),
    check: more.check,
    migratable: migratable === undefined || !isHost ? undefined : migratable ? ('on' as const) : ('off' as const),
    model: isHost ? undefined : {fallback: 'allow' as const, ...omitUndefined({vendorId}), name: model},
    cache: cacheOf(more),
    maxphysaddr: more.maxphysaddr,
    features: features.length > 0 ? features : undefined,
  });
}

/** Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCpuCommandLine. */
function cacheOf({hostCache, l3Cache}: Pick<CpuWishes, 'hostCache' | 'l3Cache'>): CpuDef['cache'] {
  if (hostCache) return {mode: 'passthrough'};
  if (l3Cache === undefined) return undefined;
  return l3Cache ? {level: 3, mode: 'emulate'} : {mode: 'disable'};
}

/** What the XML has among the features of the hypervisor, or as a timer. */
function readElsewhere(arg: NativeArg, setting: CpuSetting, draft: NativeDraft): boolean {
  const {name, value, on} = setting;
  switch (name) {
    case 'kvmclock':
      if (on === undefined) return false;
      addKvmclock(arg, on, draft);
      return true;
    case 'tsc-frequency':
      if (!/^\d{1,18}$/.test(value)) return false;
      draft.timers.push({name: 'tsc', frequencyHz: BigInt(value)});
      return true;
    case 'kvm-no-adjvtime':
      if (on === undefined) return false;
      draft.timers.push({name: 'armvtimer', tickpolicy: on ? 'discard' : 'delay'});
      return true;
    default:
      return readKvm(setting, draft) || readHyperv(setting, draft);
  }
}

/** The clock of the hypervisor is a timer of the XML, and not a feature. */
function addKvmclock(arg: NativeArg, present: boolean, draft: NativeDraft): void {
  const earlier = draft.timers.find(({name}) => name === 'kvmclock');
  if (!earlier) draft.timers.push({name: 'kvmclock', present});
  else if (earlier.present !== present) draft.error(arg, 'kvmclock of -cpu is both wanted and not wanted');
}

/** Properties of the model that are no features of a processor. */
function readProperty({name, value, on}: CpuSetting, wishes: CpuWishes): boolean {
  switch (name) {
    case 'vendor':
      wishes.vendorId = value;
      return true;
    case 'migratable':
      if (on === undefined) return false;
      wishes.migratable = on;
      return true;
    case 'host-cache-info':
      if (on === undefined) return false;
      wishes.hostCache = on;
      return true;
    case 'l3-cache':
      if (on === undefined) return false;
      wishes.l3Cache = on;
      return true;
    case 'host-phys-bits':
      if (on) wishes.maxphysaddr = {mode: 'passthrough'};
      return on !== undefined;
    case 'phys-bits':
      if (!/^\d{1,2}$/.test(value)) return false;
      wishes.maxphysaddr = {mode: 'emulate', bits: Number(value)};
      return true;
    case 'compat':
      wishes.compat = value;
      return true;
    case 'enforce':
      // The guest is not to start without one of its features.
      if (on) wishes.check = 'full';
      return on !== undefined;
    case 'check':
      return on !== undefined;
    default:
      return false;
  }
}

function readFeature({name, given, on}: CpuSetting, {features}: CpuWishes): boolean {
  if (on === undefined || !/^[A-Za-z0-9_.-]+$/.test(given) || /^(?:x-|hv-|kvm-)/.test(name)) return false;
  features.push({policy: on ? 'require' : 'disable', name: xmlFeatureName(given)});
  return true;
}
