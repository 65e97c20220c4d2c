import type {HostTree} from '../../host/host-tree.ts';
import type {SmbiosTable, SmbiosTables} from '../argv/smbios-tables.ts';

const FOLDER = '/sys/class/dmi/id';

/** The kernel's name of each value. Source: Linux 6.1, drivers/firmware/dmi-id.c. */
const FILES = {
  bios: {vendor: 'bios_vendor', version: 'bios_version', date: 'bios_date', release: 'bios_release'},
  system: {
    manufacturer: 'sys_vendor',
    product: 'product_name',
    version: 'product_version',
    serial: 'product_serial',
    uuid: 'product_uuid',
    sku: 'product_sku',
    family: 'product_family',
  },
  baseBoard: {
    manufacturer: 'board_vendor',
    product: 'board_name',
    version: 'board_version',
    serial: 'board_serial',
    asset: 'board_asset_tag',
  },
  chassis: {
    manufacturer: 'chassis_vendor',
    version: 'chassis_version',
    serial: 'chassis_serial',
    asset: 'chassis_asset_tag',
  },
} as const satisfies Record<keyof SmbiosTables, Readonly<Record<string, string>>>;

/** What the host's firmware says of its hardware; serial numbers only root may read. Undefined where it says nothing. */
export function readSmbios(tree: HostTree): SmbiosTables | undefined {
  const table = (files: Readonly<Record<string, string>>): SmbiosTable =>
    Object.fromEntries(
      Object.entries(files).flatMap(([key, file]) => {
        const value = tree.text(`${FOLDER}/${file}`)?.trim();
        return value ? [[key, value]] : [];
      }),
    );
  const tables = {
    bios: table(FILES.bios),
    system: table(FILES.system),
    baseBoard: table(FILES.baseBoard),
    chassis: table(FILES.chassis),
  };
  return Object.values(tables).some(values => Object.keys(values).length > 0) ? tables : undefined;
}
