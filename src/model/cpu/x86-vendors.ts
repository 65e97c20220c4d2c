/** By what CPUID says. Source: libvirt 9.0.0, src/cpu_map/x86_vendors.xml. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  GenuineIntel: 'Intel',
  AuthenticAMD: 'AMD',
  HygonGenuine: 'Hygon',
};

/** libvirt's name of a PC processor's maker; undefined for one that it does not know. @param id  as CPUID has it */
export function x86Vendor(id: string | undefined): string | undefined {
  return id !== undefined && Object.hasOwn(SHORT_NAMES, id) ? SHORT_NAMES[id] : undefined;
}
