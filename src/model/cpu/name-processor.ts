import {qemuFeatureName, xmlFeatureName} from './feature-names.ts';
import {type X86Model, x86Models} from './x86-models.ts';

/** A processor of a PC as its kernel tells of it. */
export interface PcProcessor {
  /** Twelve characters, as CPUID has them. */
  readonly vendorId: string;
  readonly family: number | undefined;
  readonly model: number | undefined;
  /** By libvirt's names. */
  readonly features: readonly string[];
}

/** Whether a guest has these is not up to the processor, or firmware may hide them. */
const UNTOLD: readonly string[] = ['monitor', 'svm', 'npt', 'nrip-save'];

/** Linux tells of it no more since 5.6: a processor that the model is named after has it. */
const UNTOLD_OF_NAMESAKES: readonly string[] = [...UNTOLD, 'mpx'];

/**
 * The named model of the processor's maker of which nothing is missing: the one named after this very processor, else
 * the one with the fewest features besides.
 *
 * @returns with the features that it has beyond the model, by libvirt's names; undefined where no model fits
 * @see libvirt 9.0.0, src/cpu/cpu_x86.c, x86Decode
 */
export function nameProcessor(
  processor: PcProcessor,
): {readonly model: string; readonly features: readonly string[]} | undefined {
  const has = new Set(processor.features.map(qemuFeatureName));
  const signature = `${processor.family}/${processor.model}`;
  const isWhole = ({features, signatures}: X86Model) => {
    const untold = signatures.includes(signature) ? UNTOLD_OF_NAMESAKES : UNTOLD;
    return [...features].every(name => has.has(name) || untold.includes(name));
  };
  const fitting = x86Models().filter(model => model.vendor === processor.vendorId && isWhole(model));
  const best = fitting
    .map(model => ({
      model: model.name,
      isNamesake: model.signatures.includes(signature),
      features: [...has].filter(name => !model.features.has(name)).map(xmlFeatureName),
    }))
    .toSorted((a, b) => Number(b.isNamesake) - Number(a.isNamesake) || a.features.length - b.features.length);
  return best[0] && {model: best[0].model, features: best[0].features};
}
