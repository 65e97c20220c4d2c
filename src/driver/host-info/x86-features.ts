/**
 * Names of processor features for which the kernel and libvirt use the same word.
 * Source: Linux 6.1, arch/x86/include/asm/cpufeatures.h; libvirt 9.0.0, src/cpu_map/x86_features.xml.
 */
const SAME =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 pn clflush acpi mmx fxsr sse sse2 ss ht tm ia64 pbe ' +
  'syscall nx mmxext pdpe1gb rdtscp lm 3dnowext 3dnow fxsr_opt pni dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid fma cx16 ' +
  'xtpr pdcm pcid dca x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm cmp_legacy svm extapic abm sse4a ' +
  'misalignsse 3dnowprefetch osvw ibs xop skinit wdt lwp fma4 tce nodeid_msr tbm topoext perfctr_core perfctr_nb arat fsgsbase ' +
  'tsc_adjust sgx bmi1 hle avx2 smep bmi2 erms invpcid rtm mpx avx512f avx512dq rdseed adx smap avx512ifma clflushopt clwb ' +
  'avx512pf avx512er avx512cd avx512bw avx512vl avx512vbmi umip pku ospke waitpkg gfni vaes vpclmulqdq la57 rdpid cldemote ' +
  'movdiri movdir64b fsrm serialize pconfig xsaveopt xsavec xgetbv1 xsaves clzero xsaveerptr wbnoinvd npt lbrv flushbyasid ' +
  'decodeassists pfthreshold vgif avic';

/** Those that libvirt writes in another way. */
const OTHER: Readonly<Record<string, string>> = {
  dts: 'ds',
  pclmulqdq: 'pclmuldq',
  sse4_1: 'sse4.1',
  sse4_2: 'sse4.2',
  tsc_deadline_timer: 'tsc-deadline',
  cr8_legacy: 'cr8legacy',
  cqm: 'cmt',
  cqm_mbm_total: 'mbm_total',
  cqm_mbm_local: 'mbm_local',
  intel_pt: 'intel-pt',
  sha_ni: 'sha-ni',
  avx512_vbmi2: 'avx512vbmi2',
  avx512_vnni: 'avx512vnni',
  avx512_bitalg: 'avx512bitalg',
  avx512_vpopcntdq: 'avx512-vpopcntdq',
  avx512_4vnniw: 'avx512-4vnniw',
  avx512_4fmaps: 'avx512-4fmaps',
  avx512_vp2intersect: 'avx512-vp2intersect',
  avx512_bf16: 'avx512-bf16',
  avx512_fp16: 'avx512-fp16',
  avx_vnni: 'avx-vnni',
  amx_bf16: 'amx-bf16',
  amx_tile: 'amx-tile',
  amx_int8: 'amx-int8',
  bus_lock_detect: 'bus-lock-detect',
  sgx_lc: 'sgxlc',
  md_clear: 'md-clear',
  tsxldtrk: 'tsx-ldtrk',
  arch_lbr: 'arch-lbr',
  arch_capabilities: 'arch-capabilities',
  svm_lock: 'svm-lock',
  nrip_save: 'nrip-save',
  tsc_scale: 'tsc-scale',
  vmcb_clean: 'vmcb-clean',
  pausefilter: 'pause-filter',
  v_vmsave_vmload: 'v-vmsave-vmload',
  virt_ssbd: 'virt-ssbd',
  nonstop_tsc: 'invtsc',
};

/** The kernel has one word for each of these, the two makers have bits of their own. */
const INTEL: Readonly<Record<string, string>> = {ibrs: 'spec-ctrl', stibp: 'stibp', ssbd: 'ssbd'};
const AMD: Readonly<Record<string, string>> = {ibrs: 'ibrs', ibpb: 'ibpb', stibp: 'amd-stibp', ssbd: 'amd-ssbd'};

/**
 * libvirt's names of the features in the kernel's list, in its order. What is no feature of the processor
 * (`rep_good`, `constant_tsc`) or has no name in libvirt is left out.
 *
 * @param flags   of `flags` in /proc/cpuinfo
 * @param vendor  libvirt's short name
 */
export function x86Features(flags: readonly string[], vendor: string | undefined): readonly string[] {
  const same = new Set(SAME.split(' '));
  const own = vendor === 'Intel' ? INTEL : AMD;
  const names = flags.flatMap(flag => (same.has(flag) ? flag : (OTHER[flag] ?? own[flag] ?? [])));
  return [...new Set(names)];
}
