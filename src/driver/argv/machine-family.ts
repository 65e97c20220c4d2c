import {isX86} from '../../model/arch.ts';
import type {EmulatorCaps, MachineInfo} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';

/** What of a board decides over its options: which buses are soldered on and how its firmware is told things. */
export type MachineFamily = 'i440fx' | 'q35' | 'isapc' | 'microvm' | 'other';

/** The board that a definition gets: the one named (by name or alias), else the emulator's default. */
export function findMachine(def: DomainDef, caps: EmulatorCaps): MachineInfo | undefined {
  const wanted = def.os.machine;
  if (wanted === undefined) return caps.machines.find(machine => machine.isDefault);
  return caps.machines.find(machine => machine.name === wanted);
}

/** The family of the board of a definition; `other` for everything that is not a PC. */
export function machineFamily(def: DomainDef, caps: EmulatorCaps): MachineFamily {
  if (!isX86(caps.arch)) return 'other';
  const found = findMachine(def, caps);
  const name = found?.aliasOf ?? found?.name ?? def.os.machine ?? 'pc';
  if (name === 'q35' || name.startsWith('pc-q35')) return 'q35';
  if (name === 'isapc' || name === 'microvm') return name;
  return name === 'pc' || name.startsWith('pc-') ? 'i440fx' : 'other';
}

/** Whether the board has an ISA bus and ACPI tables as a PC has. */
export function isPc(family: MachineFamily): boolean {
  return family === 'i440fx' || family === 'q35';
}
