import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {EmulatorCaps, HostInfo, LearntCaps, MachineInfo} from '../../model/capabilities.ts';
import type {CapsChanges, NameChanges} from '../../model/caps-changes.ts';
import type {Accelerator, CpuModel} from '../../model/cpu/cpu-model.ts';
import {canUseKvm} from '../../model/guest-offers.ts';
import type {Role} from '../../ui/theme.ts';
import type {TreeEntry} from '../tree/tree-node.ts';
import {counted} from './host-entries.ts';

/** An emulator that has answered. */
export interface KnownEmulator {
  readonly path: string;
  readonly caps: EmulatorCaps;
  readonly learnt?: LearntCaps;
}

/** `7.2.22   60 machines  KVM, TCG`: what a line says of an emulator. */
export function emulatorWords({path, caps}: KnownEmulator, host: HostInfo): string {
  const machines = caps.machines.filter(({aliasOf}) => aliasOf === undefined).length;
  const kvm = canUseKvm(caps.arch, {path, caps}, host);
  const count = String(machines).padStart(3);
  return `${sanitiseUntrusted(caps.version).padEnd(8)} ${count} ${machines === 1 ? 'machine ' : 'machines'}  ${kvm ? 'KVM, TCG' : 'TCG'}`;
}

/** What an emulator is and can do. */
export function emulatorEntries(emulator: KnownEmulator, host: HostInfo): readonly TreeEntry[] {
  const {path, caps, learnt} = emulator;
  const about = {emulator: path};
  return [
    {
      key: 'binary',
      label: 'Binary',
      value: sanitiseUntrusted(path),
      labelRole: 'muted',
      copy: sanitiseUntrusted(path),
      ...about,
    },
    {key: 'runs', label: 'Runs by', labelRole: 'muted', ...runsBy(emulator, host), ...about},
    ...(learnt
      ? [{key: 'since', label: 'Known', labelRole: 'muted', value: `since ${dateText(learnt.sinceMs)}`} as const]
      : []),
    ...(learnt?.changes ? [changesEntry(learnt.changes, caps)] : []),
    machinesEntry(caps, about),
    ...(caps.cpuModels.length === 0 ? [] : [cpuModelsEntry(caps, host, about)]),
    ...(caps.devices.size === 0 ? [] : [devicesEntry(caps, about)]),
  ];
}

type About = Pick<TreeEntry, 'emulator'>;

function runsBy(
  {path, caps}: KnownEmulator,
  host: HostInfo,
): {readonly value: string; readonly role?: Role; readonly wraps?: true} {
  if (canUseKvm(caps.arch, {path, caps}, host)) return {value: 'KVM, or software (TCG)', role: 'ok'};
  if (!caps.kvmBuiltIn) return {value: 'software (TCG); it is built without KVM'};
  const why = host.kvm.usable ? `KVM runs guests of ${host.arch} here` : 'KVM is not usable here';
  return {value: `software (TCG); ${why}`, wraps: true};
}

/** `2026-11-24 22:05`, by the clock of this host. */
function dateText(ms: number): string {
  const date = new Date(ms);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What is new in an emulator. */
export function changesEntry(changes: CapsChanges, {version}: EmulatorCaps): TreeEntry {
  const {beforeMs, beforeVersion} = changes;
  const before = sanitiseUntrusted(beforeVersion);
  const versions = before === version ? `still ${before}` : `${before} is now ${sanitiseUntrusted(version)}`;
  const parts = [
    ['machine', changes.machines],
    ['CPU model', changes.cpuModels],
    ['device', changes.devices],
  ] as const;
  return {
    key: 'changes',
    label: 'Changed',
    labelRole: 'muted',
    value: `${versions}, against ${dateText(beforeMs)}`,
    role: 'accent',
    children: () => parts.flatMap(([noun, names]) => changedNames(noun, names)),
  };
}

function changedNames(noun: string, {added, removed}: NameChanges): readonly TreeEntry[] {
  const entry = (sign: string, name: string, role: Role): TreeEntry => ({
    key: `${sign}${noun} ${name}`,
    label: `${sign} ${noun}`,
    value: sanitiseUntrusted(name),
    role,
    copy: sanitiseUntrusted(name),
  });
  return [...added.map(name => entry('+', name, 'ok')), ...removed.map(name => entry('-', name, 'danger'))];
}

function machinesEntry({machines}: EmulatorCaps, about: About): TreeEntry {
  const own = machines.filter(({aliasOf}) => aliasOf === undefined);
  const deprecated = own.filter(machine => machine.deprecated).length;
  const value = `${own.length}${deprecated === 0 ? '' : `, ${deprecated} deprecated`}`;
  const ordered = [...own.filter(({isDefault}) => isDefault), ...own.filter(({isDefault}) => !isDefault)];
  return {
    key: 'machines',
    label: 'Machines',
    labelRole: 'muted',
    value,
    ...about,
    children: () => ordered.map(machine => ({...machineEntry(machine, machines), ...about})),
  };
}

function machineEntry({name, isDefault, deprecated, maxCpus}: MachineInfo, all: readonly MachineInfo[]): TreeEntry {
  const aliases = all.filter(({aliasOf}) => aliasOf === name).map(alias => sanitiseUntrusted(alias.name));
  const words = [
    counted(maxCpus, 'CPU').padEnd(8),
    ...(isDefault ? ['default'] : []),
    ...(aliases.length === 0 ? [] : [`also ${aliases.join(', ')}`]),
    ...(deprecated ? ['deprecated'] : []),
  ];
  return {
    key: name,
    label: sanitiseUntrusted(name),
    value: words.join('  ').trimEnd(),
    role: deprecated ? 'warning' : 'muted',
  };
}

function cpuModelsEntry({cpuModels, arch}: EmulatorCaps, host: HostInfo, about: About): TreeEntry {
  const accelerator = askedWith(cpuModels, host, arch);
  const told = cpuModels.filter(({lacks}) => lacks[accelerator] !== undefined);
  const usable = told.filter(({lacks}) => lacks[accelerator]?.length === 0).length;
  const how = accelerator === 'kvm' ? 'with KVM' : 'in software';
  return {
    key: 'cpus',
    label: 'CPU models',
    labelRole: 'muted',
    value: told.length === 0 ? `${cpuModels.length}` : `${cpuModels.length}, ${usable} usable ${how}`,
    ...about,
    children: () => cpuModels.map(model => ({...cpuModelEntry(model, accelerator), ...about})),
  };
}

/** By which what a model lacks is told: KVM where the emulator was asked with it. */
function askedWith(models: readonly CpuModel[], host: HostInfo, arch: string): Accelerator {
  const isNative = host.kvm.usable && host.arch === arch;
  return isNative && models.some(({lacks}) => lacks.kvm !== undefined) ? 'kvm' : 'tcg';
}

/** Features that are named on the line; the others are unfolded. */
const BLOCKERS_SHOWN = 2;

function cpuModelEntry({name, aliasOf, deprecated, lacks}: CpuModel, accelerator: Accelerator): TreeEntry {
  const blockers = (lacks[accelerator] ?? []).map(feature => sanitiseUntrusted(feature));
  const shown = blockers.slice(0, BLOCKERS_SHOWN).join(', ');
  const rest = blockers.length - BLOCKERS_SHOWN;
  const words = [
    lacks[accelerator] === undefined
      ? ''
      : blockers.length === 0
        ? 'usable'
        : `blocked by ${shown}${rest > 0 ? ` and ${rest} more` : ''}`,
    aliasOf === undefined ? '' : `same as ${sanitiseUntrusted(aliasOf)}`,
    deprecated ? 'deprecated' : '',
  ];
  return {
    key: name,
    label: sanitiseUntrusted(name),
    value: words.filter(word => word !== '').join('; '),
    role: blockers.length > 0 ? 'muted' : 'text',
    ...(rest > 0
      ? {
          children: () => [
            {key: 'all', label: 'blocked by', labelRole: 'muted', value: blockers.join(' '), wraps: true},
          ],
        }
      : {}),
  };
}

function devicesEntry({devices, deviceBuses}: EmulatorCaps, about: About): TreeEntry {
  const byBus = Map.groupBy(devices, name => deviceBuses?.get(name) ?? '');
  const buses = [...byBus].toSorted(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1));
  const leaves = (names: readonly string[]) =>
    names.map(name => ({key: name, label: sanitiseUntrusted(name), ...about}));
  return {
    key: 'devices',
    label: 'Devices',
    labelRole: 'muted',
    value: String(devices.size),
    ...about,
    children: () =>
      buses.length === 1
        ? leaves([...devices])
        : buses.map(([bus, names]) => ({
            key: bus,
            label: bus === '' ? 'other' : `on ${bus}`,
            value: String(names.length),
            ...about,
            children: () => leaves(names),
          })),
  };
}
