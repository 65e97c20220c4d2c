import type {FeaturesDef} from '../../../model/domain-def.ts';
import type {NativeDraft} from '../native-draft.ts';
import {ownProperty} from '../own-property.ts';
import type {CpuSetting} from './cpu-setting.ts';

type Hyperv = NonNullable<FeaturesDef['hyperv']>;

type Switch = {[K in keyof Hyperv]-?: Exclude<Hyperv[K], undefined> extends boolean ? K : never}[keyof Hyperv];

/** QEMU's names without `hv-`, by libvirt's. Source: libvirt 9.0.0, src/qemu/qemu_command.c, and QEMU 7.2, docs/system/i386/hyperv. */
const SWITCHES: Readonly<Record<string, Switch>> = {
  relaxed: 'relaxed',
  vapic: 'vapic',
  vpindex: 'vpindex',
  runtime: 'runtime',
  synic: 'synic',
  reset: 'reset',
  frequencies: 'frequencies',
  reenlightenment: 'reenlightenment',
  tlbflush: 'tlbflush',
  ipi: 'ipi',
  evmcs: 'evmcs',
  avic: 'avic',
};

/** Reads `hv_relaxed`, `hv-spinlocks=0x1fff` and so on; `hv_crash` is the device by which the guest says that it panicked. */
export function readHyperv({name: given, value, on}: CpuSetting, draft: NativeDraft): boolean {
  const name = given.startsWith('hv-') ? given.slice('hv-'.length) : '';
  const state = on ?? true;
  const key = ownProperty(SWITCHES, name);
  if (key !== undefined) return on !== undefined && set(draft, {[key]: state});
  switch (name) {
    case 'spinlocks':
      return set(draft, {spinlocks: {state: true, ...retriesOf(value)}});
    case 'stimer':
      return set(draft, {stimer: {...draft.features.hyperv?.stimer, state}});
    case 'time':
      return setClock(draft, state);
    case 'stimer-direct':
      return set(draft, {stimer: {state: true, direct: state}});
    case 'vendor-id':
      return set(draft, {vendorId: {state: true, value}});
    case 'passthrough':
      return set(draft, {mode: 'passthrough'});
    case 'crash':
      if (state && !hasHypervPanic(draft)) draft.devices.push({kind: 'panic', model: 'hyperv'});
      return true;
    default:
      return false;
  }
}

/** Fewer retries are that many, as in libvirt. Source: libvirt 4.5.0, qemu_parse_command.c, qemuParseCommandLineCPU. */
const MIN_RETRIES = 0xfff;

function retriesOf(value: string): {readonly retries?: number} {
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value) ? {retries: Math.max(Number(value), MIN_RETRIES)} : {};
}

function hasHypervPanic({devices}: NativeDraft): boolean {
  return devices.some(device => device.kind === 'panic' && device.model === 'hyperv');
}

function set(draft: NativeDraft, more: Partial<Hyperv>): true {
  draft.features.hyperv = {mode: 'custom', ...draft.features.hyperv, ...more};
  return true;
}

function setClock(draft: NativeDraft, present: boolean): true {
  draft.timers.push({name: 'hypervclock', present});
  return true;
}
