import {VirtError} from '../../base/virt-error.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {type OptionValue, optionsArg, type QemuArg} from './qemu-arg.ts';
import {SMBIOS_KEYS, type SmbiosTable, type SmbiosTables} from './smbios-tables.ts';

type Sysinfo = NonNullable<DomainDef['sysinfos']>[number];
type Entry = NonNullable<Sysinfo['entries']>[number];

const TYPES = {bios: 0, system: 1, baseBoard: 2, chassis: 3} as const satisfies Record<keyof SmbiosTables, number>;
const OEM_STRINGS = 11;

/**
 * `-smbios` and `-fw_cfg`: tables that the firmware shows the guest.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when the host's own tables are wanted and are not to be read
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildSmbiosCommandLine and qemuBuildSysinfoCommandLine
 */
export function buildSmbiosArgs(input: ArgvInput): readonly QemuArg[] {
  return [...smbiosArgs(input), ...firmwareFiles(input.def)];
}

function smbiosArgs(input: ArgvInput): readonly QemuArg[] {
  switch (input.def.os.smbiosMode) {
    case 'host':
      return hostTables(input);
    case 'sysinfo':
      return ownTables(input);
    default:
      return [];
  }
}

function hostTables({def, host}: ArgvInput): readonly QemuArg[] {
  const tables = host?.smbios;
  if (!tables) {
    throw new VirtError(
      'CONFIG_UNSUPPORTED',
      'QEMU',
      `cannot show domain '${def.name}' the SMBIOS tables of this host: /sys/class/dmi/id has none that we may read`,
      {hint: "write <smbios mode='sysinfo'/> and the values into <sysinfo type='smbios'>"},
    );
  }
  // Two machines with one UUID are one too many.
  const {uuid: _, ...system} = tables.system;
  return [
    ...tableArg('bios', tables.bios),
    ...tableArg('system', system),
    ...tableArg('baseBoard', tables.baseBoard),
    ...tableArg('chassis', tables.chassis),
  ];
}

function ownTables(input: ArgvInput): readonly QemuArg[] {
  const sysinfo = (input.def.sysinfos ?? []).find(({type}) => type === 'smbios');
  if (!sysinfo) {
    throw new VirtError(
      'CONFIG_UNSUPPORTED',
      'QEMU',
      `cannot show domain '${input.def.name}' SMBIOS tables: <smbios mode='sysinfo'/> needs <sysinfo type='smbios'>`,
      {hint: "add <sysinfo type='smbios'>, or write <smbios mode='emulate'/>"},
    );
  }
  const [board, another] = sysinfo.baseBoards ?? [];
  if (another) throw notYetSupported('a second <baseBoard>, which QEMU has no room for,', input);
  return [
    ...tableArg('bios', tableOf(sysinfo.bios)),
    ...tableArg('system', tableOf(sysinfo.system)),
    ...tableArg('baseBoard', tableOf(board?.entries)),
    ...tableArg('chassis', tableOf(sysinfo.chassis)),
    ...oemArg(sysinfo.oemStrings),
  ];
}

function tableOf(entries: readonly Entry[] | undefined): SmbiosTable {
  return Object.fromEntries((entries ?? []).map(({name, value}) => [name ?? '', value ?? '']));
}

function tableArg(kind: keyof SmbiosTables, table: SmbiosTable): readonly QemuArg[] {
  const given = SMBIOS_KEYS[kind].flatMap(key => (table[key] === undefined ? [] : [[key, table[key]] as const]));
  return given.length === 0 ? [] : [optionsArg('-smbios', {type: TYPES[kind], ...Object.fromEntries(given)})];
}

function oemArg(entries: readonly Entry[] | undefined): readonly QemuArg[] {
  if (!entries) return [];
  const options: readonly (readonly [string, OptionValue])[] = [
    ['type', OEM_STRINGS],
    ...entries.map(({value}) => ['value', value ?? ''] as const),
  ];
  return [{kind: 'options', flag: '-smbios', options}];
}

function firmwareFiles({sysinfos}: DomainDef): readonly QemuArg[] {
  return (sysinfos ?? [])
    .filter(({type}) => type === 'fwcfg')
    .flatMap(({entries = []}) =>
      entries.map(({name, value, file}) =>
        optionsArg('-fw_cfg', {name, ...(file === undefined ? {string: value ?? ''} : {file})}),
      ),
    );
}
