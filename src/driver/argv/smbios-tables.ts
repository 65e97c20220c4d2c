/** What tells a guest which hardware it runs on; the values by QEMU's keys. */
export interface SmbiosTables {
  readonly bios: SmbiosTable;
  readonly system: SmbiosTable;
  readonly baseBoard: SmbiosTable;
  readonly chassis: SmbiosTable;
}
export type SmbiosTable = Readonly<Record<string, string>>;

/** The keys of each table, in QEMU's order; those of the XML are the same. Source: QEMU 7.2, qemu-options.hx, `-smbios`. */
export const SMBIOS_KEYS = {
  bios: ['vendor', 'version', 'date', 'release'],
  system: ['manufacturer', 'product', 'version', 'serial', 'uuid', 'sku', 'family'],
  baseBoard: ['manufacturer', 'product', 'version', 'serial', 'asset', 'location'],
  chassis: ['manufacturer', 'version', 'serial', 'asset', 'sku'],
} as const satisfies Record<keyof SmbiosTables, readonly string[]>;
