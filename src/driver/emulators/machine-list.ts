import type {MachineInfo} from '../../model/capabilities.ts';

/** `pc-0.11    Standard PC (default)`, `pc    Standard PC (alias of pc-0.11)`. */
const MACHINE_LINE = /^([A-Za-z0-9_.-]+) +\S.*$/;
const ALIAS = / \(alias of ([A-Za-z0-9_.-]+)\)$/;
const DEFAULT = / \(default\)$/;

/** These emulators do not say how many processors a board takes; libvirt's limit of then. Source: libvirt 0.7.1, src/qemu_driver.c, qemudGetMaxVCPUs. */
const MAX_CPUS = 16;

/** The boards in what an emulator prints for `-M ?`, sorted by name; none in any other text. */
export function readMachineList(text: string): readonly MachineInfo[] {
  const lines = text.split('\n').map(line => line.trimEnd());
  const start = lines.indexOf('Supported machines are:');
  if (start < 0) return [];
  const machines = lines.slice(start + 1).flatMap((line): readonly MachineInfo[] => {
    const name = MACHINE_LINE.exec(line)?.[1];
    if (name === undefined) return [];
    const aliasOf = ALIAS.exec(line)?.[1];
    return [
      {
        name,
        ...(aliasOf === undefined ? {} : {aliasOf}),
        isDefault: DEFAULT.test(line),
        deprecated: false,
        maxCpus: MAX_CPUS,
      },
    ];
  });
  return machines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
