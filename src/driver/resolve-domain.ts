import {VirtError} from '../base/virt-error.ts';
import {isPpc64, isX86} from '../model/arch.ts';
import type {EmulatorCaps} from '../model/capabilities.ts';
import {expandHostModel} from '../model/cpu/expand-host-model.ts';
import type {ExpandedCpu} from '../model/cpu/expanded-cpu.ts';
import {qemuFeatureName} from '../model/cpu/feature-names.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {findMachine} from './argv/machine-family.ts';
import {type FirmwareCatalogue, leavesFirmwareOpen, resolveFirmware} from './firmware/resolve-firmware.ts';

/** What a definition leaves to the driver, so far as it has to be asked for. */
export interface OpenQuestions {
  readonly firmware: boolean;
  readonly hostCpu: boolean;
}

/** What of the host and of the emulator answers them. */
export interface ResolveContext {
  readonly caps: EmulatorCaps;
  /** Asked when the definition leaves its firmware open. */
  readonly firmware?: FirmwareCatalogue;
  /** Where domains have the variables of their firmware, absolute. */
  readonly nvramDir: string;
  /** What the emulator makes of the host's processor; or a sentence that says why it does not tell. */
  readonly hostCpu?: ExpandedCpu | string;
}

/** What has to be asked before `resolveDomain`. */
export function openQuestions(def: DomainDef): OpenQuestions {
  return {firmware: leavesFirmwareOpen(def), hostCpu: isHostModel(def) || hasOptionalFeatures(def)};
}

/** A POWER processor runs as an older one by itself. */
function isHostModel({cpu, os}: DomainDef): boolean {
  return cpu?.mode === 'host-model' && !isPpc64(os.arch);
}

function hasOptionalFeatures({cpu, os}: DomainDef): boolean {
  return isX86(os.arch) && (cpu?.features ?? []).some(({policy}) => policy === 'optional');
}

/**
 * The definition with everything chosen that it leaves to the driver: the firmware and where its variables are, and
 * which named processor is like the host's.
 *
 * @throws {VirtError} OPERATION_FAILED or CONFIG_UNSUPPORTED for what this host cannot give
 */
export function resolveDomain(def: DomainDef, context: ResolveContext): DomainDef {
  const {firmware, hostCpu} = openQuestions(def);
  const flashed = firmware ? withFirmware(def, context) : def;
  if (!hostCpu) return flashed;
  return withOptionalFeatures(isHostModel(flashed) ? withHostModel(flashed, context) : flashed, context);
}

function withFirmware(def: DomainDef, {caps, firmware, nvramDir}: ResolveContext): DomainDef {
  const found = findMachine(def, caps);
  const machine = found?.aliasOf ?? found?.name ?? def.os.machine ?? '';
  const catalogue = firmware ?? {descriptors: [], unusable: [], searched: []};
  return resolveFirmware(def, {catalogue, machine, nvramDir});
}

function withHostModel(def: DomainDef, {caps, hostCpu}: ResolveContext): DomainDef {
  if (hostCpu === undefined || typeof hostCpu === 'string') throw noHostModel(def, caps, hostCpu);
  const known = new Set(caps.cpuModels.map(({name}) => name));
  const cpu = def.cpu && expandHostModel(def.cpu, hostCpu, model => known.has(model));
  if (!cpu) throw noHostModel(def, caps, 'none of its models is like the processor of this host');
  return {...def, cpu};
}

/**
 * A feature that is optional is there exactly where it can be had; without an answer it is the model's own affair.
 *
 * @see libvirt 9.0.0, src/cpu/cpu_x86.c, virCPUx86Update
 */
function withOptionalFeatures(def: DomainDef, {hostCpu}: ResolveContext): DomainDef {
  const {cpu} = def;
  if (!cpu?.features || hostCpu === undefined || typeof hostCpu === 'string') return def;
  const features = cpu.features.map(feature => {
    if (feature.policy !== 'optional') return feature;
    const policy = hostCpu.features.has(qemuFeatureName(feature.name)) ? ('require' as const) : ('disable' as const);
    return {...feature, policy};
  });
  return {...def, cpu: {...cpu, features}};
}

function noHostModel({name}: DomainDef, {arch, version}: EmulatorCaps, why = 'it was not asked'): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${name}' a processor like the host's: this emulator (${arch}, QEMU ${version}) does not say what it is: ${why}`,
    {hint: "write <cpu mode='host-passthrough'/>, or name a model: <cpu><model>NAME</model></cpu>"},
  );
}
