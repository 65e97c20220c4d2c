import {sortDevices} from '../../model/devices/device-table.ts';
import {disksFirst} from '../../model/devices/disk-order.ts';
import type {WatchdogDef} from '../../model/devices/watchdog.ts';
import {pairConsoles} from '../../model/domain/pair-consoles.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {nameInitiator} from './disks/iscsi-initiator.ts';
import {addDefaults, addImplied, addScreens} from './implied-devices.ts';
import type {NativeDraft} from './native-draft.ts';
import {omitUndefined} from './omit-undefined.ts';
import {NO_NAME, NO_UUID} from './unnamed.ts';

/** QEMU's memory when `-m` is missing. Source: QEMU 7.2, hw/core/machine.c, default_ram_size. */
const USUAL_MEMORY_KIB = 128n * 1024n;

const WATCHDOG_ACTIONS = ['reset', 'shutdown', 'poweroff', 'pause', 'dump', 'none', 'inject-nmi'] as const;

/** The definition of a draft whose options have all been read. */
export function finishDraft(draft: NativeDraft): DomainDef {
  bootFloppies(draft);
  nameInitiator(draft);
  addDefaults(draft);
  addScreens(draft);
  addImplied(draft);
  applyWatchdogAction(draft);
  const {sections, features, timers} = draft;
  const memoryKiB = totalMemoryKiB(draft);
  const acpi = draft.isX86 && !draft.noAcpi;
  return {
    ...omitUndefined({...sections}),
    type: draft.type,
    name: sections.name ?? NO_NAME,
    uuid: sections.uuid ?? draft.smbiosUuid ?? NO_UUID,
    memoryKiB,
    currentMemoryKiB: memoryKiB,
    vcpus: sections.vcpus ?? 1,
    os: finishOs(draft),
    features: {...omitUndefined({...features}), acpi, apic: features.apic ?? false, pae: features.pae ?? false},
    clock: {...draft.clock, ...(timers.length > 0 ? {timers} : {})},
    onPoweroff: sections.onPoweroff ?? 'destroy',
    onReboot: sections.onReboot ?? 'restart',
    onCrash: sections.onCrash ?? 'destroy',
    // A name without a path is looked for at the start, by architecture.
    ...(draft.binary.includes('/') ? {emulator: draft.binary} : {}),
    devices: sortDevices(disksFirst(pairConsoles(draft.devices))),
    ...finishQemu(draft),
  };
}

/** Firmware that cannot be written, and has no other place for its variables, has none. */
function finishLoader({os: {loader, nvram}, secureFlash}: NativeDraft): DomainDef['os']['loader'] {
  if (!loader) return undefined;
  const stateless = loader.type === 'pflash' && loader.readonly && nvram === undefined;
  return {...loader, ...(secureFlash ? {secure: true} : {}), ...(stateless ? {stateless} : {})};
}

/** A floppy drive has its place in the boot order from the controller. */
function bootFloppies({devices, floppyBoot}: NativeDraft): void {
  devices.forEach((device, index) => {
    const order = device.kind === 'disk' ? floppyBoot.get(device.target.dev) : undefined;
    if (device.kind === 'disk' && order !== undefined) devices[index] = {...device, boot: {order}};
  });
}

/** In the XML the memory of the modules is part of the whole, and that of the NUMA cells is what the board has. */
function totalMemoryKiB({sections, devices}: NativeDraft): bigint {
  const cells = sections.cpu?.numa?.cells ?? [];
  const board = cells.length > 0 ? sum(cells.map(cell => cell.memoryKiB)) : sections.memoryKiB;
  const modules = devices.flatMap(device => (device.kind === 'memory' ? [device.target.sizeKiB] : []));
  return (board ?? USUAL_MEMORY_KIB) + sum(modules);
}

function sum(sizes: readonly bigint[]): bigint {
  return sizes.reduce((total, size) => total + size, 0n);
}

function finishOs(draft: NativeDraft): DomainDef['os'] {
  const hasOrder = draft.devices.some(device => 'boot' in device && device.boot !== undefined);
  const isGiven = draft.boot.length > 0 || hasOrder || draft.sections.bootloader !== undefined;
  const boot = isGiven ? draft.boot : (['hd'] as const);
  const loader = finishLoader(draft);
  return {
    ...omitUndefined({...draft.os}),
    ...omitUndefined({loader}),
    type: draft.os.type ?? 'hvm',
    arch: draft.arch,
    machine: draft.machine,
    boot: hasOrder ? [] : boot,
    biosUseSerial: false,
  };
}

/** The action is an option of its own for all watchdogs. */
function applyWatchdogAction(draft: NativeDraft): void {
  const action = WATCHDOG_ACTIONS.find(word => word === draft.watchdogAction);
  if (action === undefined) return;
  draft.devices.forEach((device, index) => {
    if (device.kind === 'watchdog') draft.devices[index] = {...device, action} satisfies WatchdogDef;
  });
}

/** What every environment has, and what the definition says elsewhere. Source: libvirt 4.5.0, qemu_parse_command.c. */
const KNOWN_VARIABLES: readonly string[] = [
  'LC_ALL',
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'QEMU_AUDIO_DRV',
  'SDL_AUDIODRIVER',
  'DISPLAY',
  'XAUTHORITY',
  'CEPH_ARGS',
  'SASL_CONF_PATH',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
];

function finishQemu(draft: NativeDraft): Pick<DomainDef, 'qemu'> {
  const env = [...draft.environment]
    .filter(([name]) => !KNOWN_VARIABLES.includes(name))
    .map(([name, value]) => ({name, value}));
  const args = draft.kept.toSorted((a, b) => a.index - b.index).flatMap(({words}) => words);
  const commandline = omitUndefined({args: orNothing(args), env: orNothing(env)});
  const qemu = omitUndefined({
    commandline: Object.keys(commandline).length > 0 ? commandline : undefined,
    override: orNothing(draft.overrides),
    deprecation: draft.deprecation,
  });
  return Object.keys(qemu).length > 0 ? {qemu} : {};
}

function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The variables that go to the emulator as they are. */
export function isKnownVariable(name: string): boolean {
  return KNOWN_VARIABLES.includes(name);
}
