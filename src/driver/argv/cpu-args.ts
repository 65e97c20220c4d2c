import {VirtError} from '../../base/virt-error.ts';
import {isPpc64} from '../../model/arch.ts';
import {qemuFeatureName} from '../../model/cpu/feature-names.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {cacheOptions, clockFeatures, featureOptions} from './cpu-features.ts';
import {type OptionRecord, optionsArg, type QemuArg} from './qemu-arg.ts';

/** `-cpu`, where the definition says something of the processor. */
export function buildCpuArgs(input: ArgvInput): readonly QemuArg[] {
  const {def} = input;
  const options = {
    ...compatibility(def),
    ...policies(def),
    ...clockFeatures(def),
    ...featureOptions(def),
    ...cacheOptions(def),
  };
  const isSaid = Object.values(options).some(value => value !== undefined);
  const name = modelName(input) ?? (isSaid ? usualModel(input) : undefined);
  if (name === undefined) return [];
  return [optionsArg('-cpu', {migratable: migratability(input), ...options}, {key: 'model', value: name})];
}

/** Whether what would not survive a move is left out. Where nothing can be, all is there: nothing has to be said for that. */
function migratability({def, caps}: ArgvInput): 'on' | 'off' | undefined {
  const {cpu} = def;
  const wanted = cpu?.mode === 'host-passthrough' || cpu?.mode === 'maximum' ? cpu.migratable : undefined;
  if (caps.flags.has('cpu-migratable')) return wanted;
  if (wanted !== 'on') return undefined;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' a processor of the host that can move: this emulator (${caps.arch}, QEMU ${caps.version}) cannot leave anything out of it`,
    {hint: "write <cpu migratable='off'>, or take the attribute out"},
  );
}

function modelName(input: ArgvInput): string | undefined {
  const {cpu, os} = input.def;
  switch (cpu?.mode) {
    case 'host-passthrough':
      return 'host';
    case 'maximum':
      return 'max';
    case 'host-model':
      // A POWER host runs older models as itself, in a mode of theirs.
      if (isPpc64(os.arch)) return 'host';
      throw unresolved(input);
    default:
      return cpu?.model?.name;
  }
}

function compatibility({cpu, os}: DomainDef): OptionRecord {
  const model = cpu?.mode === 'host-model' && isPpc64(os.arch) ? cpu.model?.name : undefined;
  return {compat: model?.toLowerCase()};
}

/** The model like the host's is found before, from what the emulator says of the host. */
function unresolved({def}: ArgvInput): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' a processor like the host's: what this emulator makes of the host's is not known`,
    {hint: "write <cpu mode='host-passthrough'/> or name a model: <cpu><model>NAME</model></cpu>"},
  );
}

/** What QEMU itself would take for a PC. */
function usualModel({def}: ArgvInput): string {
  return def.os.arch === 'i686' ? 'qemu32' : 'qemu64';
}

/** A feature that is optional is the model's own affair. */
function policies({cpu}: DomainDef): OptionRecord {
  const vendor = cpu?.model?.vendorId;
  const named = (cpu?.features ?? [])
    .filter(({policy}) => policy !== 'optional')
    .map(({name, policy}) => [qemuFeatureName(name), policy !== 'disable' && policy !== 'forbid'] as const);
  return {vendor, ...Object.fromEntries(named)};
}
