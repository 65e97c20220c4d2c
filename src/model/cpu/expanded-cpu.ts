/** A processor that an emulator can give its guests, as it says itself. */
export interface ExpandedCpu {
  /** A PC's: family, model and maker as CPUID has them. */
  readonly family?: number;
  readonly model?: number;
  readonly vendor?: string;
  /** The name of the model, where that says all: not on a PC. */
  readonly name?: string;
  /** By the names of `-cpu`; only those that a guest may have and still move to another host. */
  readonly features: ReadonlySet<string>;
  /** What named models have and no guest can get here, by their names and as `-cpu` names it. */
  readonly blocked: ReadonlyMap<string, readonly string[]>;
}

/** A property of a processor: its value, and whether a guest that sees it can move to another host. */
export interface CpuProperty {
  readonly value: string | number | boolean;
  readonly migratable?: boolean;
}

/** No features of a processor but of the hypervisor, or details of one. Source: libvirt 9.0.0, src/cpu_map/x86_features.xml has none of them. */
const NO_FEATURES = /^(?:kvm|hv-|vmx-|full-width-write$|lmce$|ace2|phe|pmm|xcrypt|xstore)/;

/** What a guest that moves would not find elsewhere. Source: libvirt 9.0.0, src/cpu_map/x86_features.xml, migratable='no'. */
const STAYS: readonly string[] = ['invtsc'];

/** Makes a processor of the properties that an emulator lists for it, and of what it cannot give of other models. */
export function expandedCpuOf(
  name: string,
  properties: ReadonlyMap<string, CpuProperty>,
  blocked: ExpandedCpu['blocked'],
): ExpandedCpu {
  const features = [...properties].flatMap(([feature, {value, migratable}]) => {
    if (value !== true || migratable === false) return [];
    return NO_FEATURES.test(feature) || STAYS.includes(feature) ? [] : [feature];
  });
  const number = (key: string) => numberOf(properties.get(key)?.value);
  const [family, model, vendor] = [number('family'), number('model'), properties.get('vendor')?.value];
  return {
    ...(family === undefined ? {} : {family}),
    ...(model === undefined ? {} : {model}),
    ...(typeof vendor === 'string' ? {vendor} : {}),
    ...(name === 'base' ? {} : {name}),
    features: new Set(features),
    blocked,
  };
}

function numberOf(value: CpuProperty['value'] | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
