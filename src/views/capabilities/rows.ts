import type {AppState} from '../../app/app-state.ts';
import {formatKiB} from '../../base/format-units.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {Capabilities, EmulatorInfo, HostInfo} from '../../model/capabilities.ts';
import {type Field, fieldRows, headingRow, textRows} from '../../ui/fields.ts';
import {type Cell, type Column, headerRow, placeColumns, tableRow} from '../../ui/table.ts';
import type {Theme} from '../../ui/theme.ts';

const COLUMNS: readonly Column[] = [
  {id: 'arch', title: 'GUEST', width: 8, grow: 2, max: 16, priority: 0},
  {id: 'version', title: 'VERSION', width: 8, priority: 0},
  {id: 'machines', title: 'MACHINES', align: 'right', width: 8, priority: 1},
  {id: 'accelerators', title: 'RUNS BY', width: 7, grow: 1, max: 14, priority: 2},
  {id: 'path', title: 'BINARY', width: 26, grow: 3, max: 60, priority: 3},
];

/** Host and emulators, before scrolling. */
export function capabilitiesRows(state: AppState, columns: number, theme: Theme): readonly string[] {
  const {capabilities} = state;
  if (!capabilities) return [theme.paint('muted', ' Asking the host')];
  return [
    ...fieldRows(hostFields(capabilities.host), columns, theme),
    '',
    ...emulatorRows(capabilities, columns, theme),
  ];
}

function hostFields(host: HostInfo): readonly Field[] {
  const cores = `${host.sockets} x ${host.coresPerSocket} x ${host.threadsPerCore}`;
  const kvm: Field = host.kvm.usable
    ? {label: 'KVM', value: '/dev/kvm opens (not tried)', role: 'ok'}
    : {label: 'KVM', value: `not usable: ${sanitiseUntrusted(host.kvm.why)}`, role: 'warning'};
  return [
    {label: 'CPU', value: `${sanitiseUntrusted(host.cpuModel)}, ${host.arch}`},
    {label: 'Cores', value: `${host.cpus} (${cores}: sockets, cores, threads)`},
    {label: 'Memory', value: formatKiB(host.memoryKiB)},
    kvm,
  ];
}

function emulatorRows(capabilities: Capabilities, columns: number, theme: Theme): readonly string[] {
  const {emulators} = capabilities;
  if (emulators.length === 0) return noEmulatorRows(capabilities, columns, theme);
  const placed = placeColumns(COLUMNS, columns - 2);
  const options = {width: columns - 2, isSelected: false, theme};
  const failed = emulators.filter(emulator => emulator.status === 'failed');
  return [
    ` ${headerRow(placed, columns - 2, theme)}`,
    ...emulators.map(emulator => ` ${tableRow(placed, emulatorCells(emulator), options)}`),
    ...(failed.length === 0 ? [] : ['', headingRow('Emulators that could not be asked', theme)]),
    ...failed.flatMap(({path, why}) =>
      textRows(`${sanitiseUntrusted(path)}: ${sanitiseUntrusted(why)}`, columns, theme),
    ),
  ];
}

function emulatorCells(emulator: EmulatorInfo): Record<string, Cell> {
  const path = {text: sanitiseUntrusted(emulator.path), role: 'muted'} as const;
  const guess = /qemu-system-([\w-]+)$/.exec(emulator.path)?.[1] ?? sanitiseUntrusted(emulator.path);
  switch (emulator.status) {
    case 'probing':
      return {arch: {text: guess}, version: {text: 'asking', role: 'accent'}, path};
    case 'failed':
      return {arch: {text: guess}, version: {text: 'failed', role: 'danger'}, path};
    case 'ok':
      return {
        arch: {text: guestWord(emulator.caps.arch, guess)},
        version: {text: sanitiseUntrusted(emulator.caps.version)},
        machines: {text: String(emulator.caps.machines.length)},
        accelerators: {text: emulator.caps.kvmBuiltIn ? 'kvm, tcg' : 'tcg'},
        path,
      };
  }
}

/** The architecture; with what else the binary's name says, such as `x86_64-microvm`, so that two of one can be told apart. */
function guestWord(arch: string, binarySuffix: string): string {
  return binarySuffix.startsWith(arch) ? binarySuffix : arch;
}

function noEmulatorRows(capabilities: Capabilities, columns: number, theme: Theme): readonly string[] {
  const lines = ['Looked for qemu-system-* in:', ...capabilities.searched.map(path => `  ${sanitiseUntrusted(path)}`)];
  return [
    ...textRows('No QEMU was found: no domain can be started.', columns, theme, 'danger'),
    ...lines.flatMap(line => textRows(line, columns, theme)),
    '',
    ...textRows('Install one as root, then start virtty again:', columns, theme),
    ...textRows('  apt-get install qemu-system-x86', columns, theme, 'strong'),
  ];
}
