/** What a named processor has for certain, whatever the emulator adds to it. */
interface ModelRow {
  readonly vendor?: string;
  /** `FAMILY/MODEL` of the processors that it is named after. */
  readonly signatures?: string;
  /** The model that it is described by. */
  readonly like?: string;
  /** Features besides those of `like`, as `-cpu` names them. */
  readonly has?: string;
  readonly lacks?: string;
}

/**
 * The named processors of a PC, the older ones first. Features that some versions of a model have and others not are left out: they
 * are said when they are wanted.
 *
 * Source of the facts: libvirt 9.0.0, src/cpu_map.
 */
const MODELS: Readonly<Record<string, ModelRow>> = {
  '486': {has: 'fpu pse vme'},
  pentium: {like: '486', has: 'cx8 de mce mmx msr tsc'},
  pentium2: {like: 'pentium', has: 'cmov fxsr mca mtrr pae pat pge pse36 sep'},
  pentium3: {like: 'pentium2', has: 'sse'},
  pentiumpro: {like: 'pentium3', has: 'apic sse2', lacks: 'mca mtrr pse36 vme'},
  coreduo: {vendor: 'GenuineIntel', like: 'pentiumpro', has: 'clflush mca monitor mtrr nx pni vme'},
  n270: {vendor: 'GenuineIntel', like: 'coreduo', has: 'ssse3'},
  core2duo: {vendor: 'GenuineIntel', like: 'n270', has: 'lm pse36 syscall'},
  qemu32: {like: 'pentiumpro', has: 'pni'},
  kvm32: {like: 'qemu32', has: 'clflush mca mtrr pse36'},
  qemu64: {like: 'kvm32', has: 'abm cx16 lahf-lm lm nx popcnt sse4a svm syscall'},
  kvm64: {like: 'kvm32', has: 'cx16 lm nx syscall'},
  Conroe: {vendor: 'GenuineIntel', signatures: '6/15 6/22', like: 'kvm64', has: 'lahf-lm ssse3', lacks: 'cx16'},
  Penryn: {vendor: 'GenuineIntel', signatures: '6/23 6/29', like: 'Conroe', has: 'cx16 sse4.1'},
  Nehalem: {vendor: 'GenuineIntel', signatures: '6/26 6/30 6/31 6/46', like: 'Penryn', has: 'popcnt sse4.2'},
  'Nehalem-IBRS': {vendor: 'GenuineIntel', signatures: '6/26 6/30 6/31 6/46', like: 'Nehalem', has: 'spec-ctrl'},
  Westmere: {vendor: 'GenuineIntel', signatures: '6/44 6/47 6/37', like: 'Nehalem', has: 'aes'},
  'Westmere-IBRS': {vendor: 'GenuineIntel', signatures: '6/44', like: 'Nehalem-IBRS', has: 'aes'},
  SandyBridge: {
    vendor: 'GenuineIntel',
    signatures: '6/42 6/45',
    like: 'Westmere',
    has: 'avx pclmulqdq rdtscp tsc-deadline x2apic xsave',
  },
  'SandyBridge-IBRS': {vendor: 'GenuineIntel', signatures: '6/42 6/45', like: 'SandyBridge', has: 'spec-ctrl'},
  IvyBridge: {
    vendor: 'GenuineIntel',
    signatures: '6/58 6/62',
    like: 'SandyBridge',
    has: 'erms f16c fsgsbase rdrand smep vme',
  },
  'IvyBridge-IBRS': {vendor: 'GenuineIntel', signatures: '6/58 6/62', like: 'IvyBridge', has: 'spec-ctrl'},
  'Haswell-noTSX': {
    vendor: 'GenuineIntel',
    signatures: '6/60 6/63 6/69 6/70',
    like: 'SandyBridge',
    has: 'avx2 bmi1 bmi2 erms fma fsgsbase invpcid movbe pcid smep',
  },
  'Haswell-noTSX-IBRS': {
    vendor: 'GenuineIntel',
    signatures: '6/60 6/63 6/69 6/70',
    like: 'Haswell-noTSX',
    has: 'spec-ctrl',
  },
  Haswell: {vendor: 'GenuineIntel', signatures: '6/60 6/63 6/69 6/70', like: 'Haswell-noTSX', has: 'hle rtm'},
  'Haswell-IBRS': {vendor: 'GenuineIntel', signatures: '6/60 6/63 6/69 6/70', like: 'Haswell', has: 'spec-ctrl'},
  'Broadwell-noTSX': {
    vendor: 'GenuineIntel',
    signatures: '6/61 6/71 6/79 6/86',
    like: 'Haswell-noTSX',
    has: '3dnowprefetch adx rdseed smap',
  },
  'Broadwell-noTSX-IBRS': {
    vendor: 'GenuineIntel',
    signatures: '6/61 6/71 6/79 6/86',
    like: 'Broadwell-noTSX',
    has: 'spec-ctrl',
  },
  Broadwell: {vendor: 'GenuineIntel', signatures: '6/61 6/71 6/79 6/86', like: 'Broadwell-noTSX', has: 'hle rtm'},
  'Broadwell-IBRS': {vendor: 'GenuineIntel', signatures: '6/61 6/71 6/79 6/86', like: 'Broadwell', has: 'spec-ctrl'},
  'Skylake-Client': {
    vendor: 'GenuineIntel',
    signatures: '6/94 6/78 6/142 6/158',
    like: 'Broadwell',
    has: 'abm arat f16c mpx rdrand vme xgetbv1 xsavec xsaveopt',
  },
  'Skylake-Client-IBRS': {
    vendor: 'GenuineIntel',
    signatures: '6/94 6/78 6/142 6/158',
    like: 'Skylake-Client',
    has: 'spec-ctrl',
  },
  'Skylake-Client-noTSX-IBRS': {
    vendor: 'GenuineIntel',
    signatures: '6/94 6/78 6/142 6/158',
    like: 'Skylake-Client-IBRS',
    lacks: 'hle rtm',
  },
  'Skylake-Server': {
    vendor: 'GenuineIntel',
    signatures: '6/85',
    like: 'Skylake-Client',
    has: 'avx512bw avx512cd avx512dq avx512f avx512vl clwb pdpe1gb',
  },
  'Skylake-Server-IBRS': {vendor: 'GenuineIntel', signatures: '6/85', like: 'Skylake-Server', has: 'spec-ctrl'},
  'Skylake-Server-noTSX-IBRS': {
    vendor: 'GenuineIntel',
    signatures: '6/85',
    like: 'Skylake-Server-IBRS',
    lacks: 'hle rtm',
  },
  'Cascadelake-Server': {
    vendor: 'GenuineIntel',
    signatures: '6/85',
    like: 'Skylake-Server-IBRS',
    has: 'avx512vnni clflushopt ssbd',
  },
  'Cascadelake-Server-noTSX': {
    vendor: 'GenuineIntel',
    signatures: '6/85',
    like: 'Skylake-Server-noTSX-IBRS',
    has: 'avx512vnni clflushopt ssbd',
  },
  'Icelake-Client': {
    vendor: 'GenuineIntel',
    signatures: '6/126',
    like: 'Skylake-Client-IBRS',
    has: 'avx512-vpopcntdq avx512bitalg avx512vbmi avx512vbmi2 avx512vnni gfni pku ssbd umip vaes vpclmulqdq wbnoinvd',
  },
  'Icelake-Client-noTSX': {vendor: 'GenuineIntel', signatures: '6/126', like: 'Icelake-Client', lacks: 'hle rtm'},
  'Icelake-Server': {
    vendor: 'GenuineIntel',
    signatures: '6/106',
    like: 'Icelake-Client',
    has: 'avx512bw avx512cd avx512dq avx512f avx512vl clflushopt clwb la57 pdpe1gb',
  },
  'Icelake-Server-noTSX': {vendor: 'GenuineIntel', signatures: '6/106', like: 'Icelake-Server', lacks: 'hle rtm'},
  Cooperlake: {
    vendor: 'GenuineIntel',
    signatures: '6/85',
    like: 'Cascadelake-Server',
    has: 'arch-capabilities avx512-bf16 ibrs-all mds-no pku pschange-mc-no rdctl-no skip-l1dfl-vmentry stibp taa-no',
    lacks: 'mpx',
  },
  Snowridge: {
    vendor: 'GenuineIntel',
    signatures: '6/134',
    like: 'IvyBridge-IBRS',
    has: '3dnowprefetch arat arch-capabilities cldemote clflushopt clwb core-capability gfni movbe movdir64b movdiri pdpe1gb rdseed sha-ni smap split-lock-detect ssbd umip xgetbv1 xsavec xsaveopt',
    lacks: 'avx f16c',
  },
  athlon: {vendor: 'AuthenticAMD', like: 'pentiumpro', has: '3dnow 3dnowext mmxext mtrr pse36 vme'},
  phenom: {vendor: 'AuthenticAMD', like: 'kvm64', has: '3dnow 3dnowext fxsr-opt mmxext monitor svm', lacks: 'cx16'},
  Opteron_G1: {vendor: 'AuthenticAMD', signatures: '15/6', like: 'kvm64', lacks: 'cx16'},
  Opteron_G2: {vendor: 'AuthenticAMD', signatures: '15/6', like: 'kvm64', has: 'lahf-lm rdtscp svm'},
  Opteron_G3: {vendor: 'AuthenticAMD', signatures: '15/6', like: 'qemu64', has: 'misalignsse rdtscp'},
  Opteron_G4: {
    vendor: 'AuthenticAMD',
    signatures: '21/1',
    like: 'SandyBridge',
    has: '3dnowprefetch abm fma4 misalignsse pdpe1gb sse4a svm xop',
    lacks: 'tsc-deadline x2apic',
  },
  Opteron_G5: {vendor: 'AuthenticAMD', signatures: '21/2', like: 'Opteron_G4', has: 'f16c fma tbm'},
  EPYC: {
    vendor: 'AuthenticAMD',
    signatures: '23/1',
    like: 'Skylake-Client-noTSX-IBRS',
    has: 'clflushopt cr8legacy fxsr-opt misalignsse mmxext osvw pdpe1gb sha-ni sse4a svm',
    lacks: 'erms invpcid mpx pcid spec-ctrl tsc-deadline x2apic',
  },
  'EPYC-IBPB': {vendor: 'AuthenticAMD', signatures: '23/1', like: 'EPYC', has: 'ibpb'},
  'EPYC-Rome': {
    vendor: 'AuthenticAMD',
    signatures: '23/49',
    like: 'EPYC-IBPB',
    has: 'amd-stibp clwb clzero npt nrip-save perfctr-core rdpid umip wbnoinvd xsaveerptr',
  },
  'EPYC-Milan': {
    vendor: 'AuthenticAMD',
    signatures: '25/1',
    like: 'EPYC-Rome',
    has: 'amd-ssbd erms fsrm ibrs invpcid pcid pku svme-addr-chk xsaves',
  },
  Dhyana: {vendor: 'HygonGenuine', signatures: '24/0', like: 'EPYC-IBPB', lacks: 'aes pclmulqdq sha-ni'},
};

/** A named processor of a PC. */
export interface X86Model {
  readonly name: string;
  /** Undefined for one of no maker. */
  readonly vendor: string | undefined;
  readonly signatures: readonly string[];
  /** As `-cpu` names them. */
  readonly features: ReadonlySet<string>;
}

/** All that are known, the older ones first. */
export function x86Models(): readonly X86Model[] {
  const made = new Map<string, X86Model>();
  for (const [name, {vendor, signatures, like, has, lacks}] of Object.entries(MODELS)) {
    const features = new Set([...(made.get(like ?? '')?.features ?? []), ...words(has)]);
    for (const feature of words(lacks)) features.delete(feature);
    made.set(name, {name, vendor, signatures: words(signatures), features});
  }
  return [...made.values()];
}

function words(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(' ');
}
