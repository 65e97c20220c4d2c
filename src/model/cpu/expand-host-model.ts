import type {CpuDef} from '../domain/cpu.ts';
import type {ExpandedCpu} from './expanded-cpu.ts';
import {xmlFeatureName} from './feature-names.ts';
import {type X86Model, x86Models} from './x86-models.ts';

type Feature = NonNullable<CpuDef['features']>[number];

/** A named model, and what the processor has besides or lacks. */
interface Candidate {
  readonly model: X86Model;
  readonly hasSignature: boolean;
  readonly added: readonly string[];
  readonly lacking: readonly string[];
}

/**
 * `<cpu mode='host-model'>` as a model that the emulator has, with every feature of the host's processor.
 * What the definition says of single features counts more.
 *
 * @param isKnown  whether the emulator has a model of this name
 * @returns undefined when it has none that is like the processor
 * @see libvirt 9.0.0, src/cpu/cpu_x86.c, x86Decode and x86DecodeUseCandidate
 */
export function expandHostModel(
  cpu: CpuDef,
  host: ExpandedCpu,
  isKnown: (model: string) => boolean,
): CpuDef | undefined {
  const {name} = host;
  const features =
    name === undefined ? pcFeatures(host, isKnown) : {name, features: [...host.features].map(requireFeature)};
  if (!features) return undefined;
  const {migratable: _, ...rest} = cpu;
  const own = cpu.features ?? [];
  const vendorId = cpu.model?.vendorId;
  return {
    ...rest,
    mode: 'custom',
    match: 'exact',
    check: cpu.check ?? 'partial',
    model: {fallback: 'forbid', ...(vendorId === undefined ? {} : {vendorId}), name: features.name},
    features: [...features.features.filter(({name: feature}) => !own.some(said => said.name === feature)), ...own],
  };
}

function pcFeatures(
  host: ExpandedCpu,
  isKnown: (model: string) => boolean,
): {readonly name: string; readonly features: readonly Feature[]} | undefined {
  const candidates = x86Models()
    .filter(({name, vendor}) => isKnown(name) && (vendor === undefined || vendor === host.vendor))
    .map(model => candidateOf(model, host));
  const best = candidates.reduce<Candidate | undefined>(
    (found, other) => (found && !isBetter(other, found) ? found : other),
    undefined,
  );
  if (!best) return undefined;
  const disabled = best.lacking.map((feature): Feature => ({policy: 'disable', name: xmlFeatureName(feature)}));
  return {name: best.model.name, features: [...best.added.map(requireFeature), ...disabled]};
}

function requireFeature(feature: string): Feature {
  return {policy: 'require', name: xmlFeatureName(feature)};
}

function candidateOf(model: X86Model, {family, model: number, features, blocked}: ExpandedCpu): Candidate {
  const own = [...model.features].filter(feature => !features.has(feature));
  const others = (blocked.get(model.name) ?? []).filter(feature => !features.has(feature));
  return {
    model,
    hasSignature: model.signatures.includes(`${family}/${number}`),
    added: [...features].filter(feature => !model.features.has(feature)),
    lacking: [...new Set([...own, ...others])],
  };
}

/** A model named after this very processor, else the one with the least to say besides. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.hasSignature !== other.hasSignature) return one.hasSignature;
  return one.added.length + one.lacking.length < other.added.length + other.lacking.length;
}
