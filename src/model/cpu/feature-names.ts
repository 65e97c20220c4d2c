/** Features whose names in libvirt's XML are not QEMU's. Source: libvirt 9.0.0, src/qemu/qemu_capabilities.c, virQEMUCapsCPUFeaturesX86. */
const QEMU_NAMES: ReadonlyMap<string, string> = new Map([
  ['cmp_legacy', 'cmp-legacy'],
  ['ds_cpl', 'ds-cpl'],
  ['fxsr_opt', 'fxsr-opt'],
  ['kvm_pv_eoi', 'kvm-pv-eoi'],
  ['kvm_pv_unhalt', 'kvm-pv-unhalt'],
  ['lahf_lm', 'lahf-lm'],
  ['nodeid_msr', 'nodeid-msr'],
  ['pclmuldq', 'pclmulqdq'],
  ['perfctr_core', 'perfctr-core'],
  ['perfctr_nb', 'perfctr-nb'],
  ['tsc_adjust', 'tsc-adjust'],
]);

const XML_NAMES: ReadonlyMap<string, string> = new Map([...QEMU_NAMES].map(([xml, qemu]) => [qemu, xml]));

/** A feature of a processor as `-cpu` names it; an underscore of the XML is a dash there. */
export function qemuFeatureName(name: string): string {
  return QEMU_NAMES.get(name) ?? name.replaceAll('_', '-');
}

/** A feature of a processor as the XML names it. */
export function xmlFeatureName(name: string): string {
  return XML_NAMES.get(name) ?? name;
}
