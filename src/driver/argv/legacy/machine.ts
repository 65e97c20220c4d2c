import {isX86} from '../../../model/arch.ts';
import type {CpuDef} from '../../../model/domain/cpu.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {findMachine} from '../machine-family.ts';
import {bareArg, type OptionRecord, optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {cannotGive, withoutComma} from './refuse.ts';

const KIB_PER_MIB = 1024n;

/** `-M`, or `-machine` of after it: the board by the name that its alias stands for today, as libvirt writes it down. */
export function buildLegacyMachine({def, caps}: ArgvInput): QemuArg[] {
  const found = findMachine(def, caps);
  const machine = found?.aliasOf ?? found?.name ?? def.os.machine;
  if (machine === undefined) return [];
  return [textArg(caps.flags.has('machine-option') ? '-machine' : '-M', machine)];
}

/** How the processors are run: an emulator that accelerates by itself is told not to where the domain does not want it. */
export function buildLegacyAcceleration({def, caps: {flags}}: ArgvInput): QemuArg[] {
  const wantsKvm = def.type === 'kvm';
  return [
    ...(flags.has('no-kqemu') && !wantsKvm ? [bareArg('-no-kqemu')] : []),
    ...(flags.has('no-kvm') && !wantsKvm ? [bareArg('-no-kvm')] : []),
    ...(flags.has('enable-kvm') && wantsKvm ? [bareArg('-enable-kvm')] : []),
  ];
}

/** `-cpu MODEL,+feature,-feature`; without a model the emulator's own, or one of 32 bits where that has 64. */
export function buildLegacyCpu(input: ArgvInput): QemuArg[] {
  const {cpu} = input.def;
  if (cpu?.mode === 'host-passthrough') return [textArg('-cpu', 'host')];
  const name = cpu?.model?.name;
  if (name === undefined) {
    if (cpu?.mode === undefined || cpu.mode === 'custom') return isNarrowed(input) ? [textArg('-cpu', 'qemu32')] : [];
    throw cannotGive(`processor of mode '${cpu.mode}'`, 'its features cannot be asked for', input);
  }
  const words = [name, ...(cpu?.features ?? []).flatMap(featureWord)].map(word =>
    withoutComma(word, 'processor', input),
  );
  return [textArg('-cpu', words.join(','))];
}

/** Whether the guest is of 32 bits on an emulator of 64. Source: libvirt 0.7.1, src/qemu_conf.c, qemudBuildCommandLine. */
function isNarrowed({def, caps}: ArgvInput): boolean {
  const emulator = def.emulator ?? '';
  return def.os.arch === 'i686' && (caps.arch === 'x86_64' || emulator.includes('x86_64'));
}

function featureWord({name, policy}: NonNullable<CpuDef['features']>[number]): readonly string[] {
  if (policy === 'optional') return [];
  return [`${policy === 'disable' || policy === 'forbid' ? '-' : '+'}${name}`];
}

/** `-m` in MiB, rounded down as libvirt 0.7.1 rounds, and where it is taken from. */
export function buildLegacyMemory(input: ArgvInput): QemuArg[] {
  const {def, caps, settings} = input;
  const size = textArg('-m', String(def.memoryKiB / KIB_PER_MIB));
  if (def.memoryBacking?.hugepages === undefined) return [size];
  if (!caps.flags.has('mem-path')) throw cannotGive('huge pages', 'this emulator has no -mem-path', input);
  const path = settings?.hugepagesPath;
  if (path === undefined) throw cannotGive('huge pages', 'no hugetlbfs is mounted on this host', input);
  return [size, textArg('-mem-path', path)];
}

/** `-smp`, with the topology where the emulator can be told. */
export function buildLegacyProcessors({def, caps}: ArgvInput): QemuArg[] {
  const topology = caps.flags.has('smp-topology') ? def.cpu?.topology : undefined;
  const options: OptionRecord = topology
    ? {sockets: topology.sockets, cores: topology.cores, threads: topology.threads}
    : {};
  return [optionsArg('-smp', options, {key: 'cpus', value: String(def.vcpus)})];
}

/** `-name`, `-uuid` and, of a domain that has a number, `-domid`. A name is taken as it stands until it may name the process too. */
export function buildLegacyIdentity(input: ArgvInput): QemuArg[] {
  const {def, caps, settings} = input;
  const id = settings?.domainId ?? -1;
  const name = caps.flags.has('name-process') ? withoutComma(def.name, 'name', input) : def.name;
  return [
    ...(caps.flags.has('name') ? [textArg('-name', name)] : []),
    ...(caps.flags.has('uuid') ? [textArg('-uuid', def.uuid)] : []),
    ...(id >= 0 ? xenNumber(input, String(id)) : []),
  ];
}

/** The number of the domain, where the emulator knows Xen: xenner of all of them, QEMU 0.11 to 1.1 of guests for Xen. */
function xenNumber({def, caps: {flags}}: ArgvInput, id: string): QemuArg[] {
  if (flags.has('domid')) return [textArg('-domid', id)];
  if (!flags.has('xen-domid') || def.os.type !== 'xen') return [];
  return [bareArg('-xen-attach'), textArg('-xen-domid', id)];
}

/** `-nographic` without a screen. It must stand before all serial lines: QEMU gives it the first one otherwise. */
export function buildLegacyHeadless({def}: ArgvInput): QemuArg[] {
  return devicesOf(def, 'graphics').length === 0 ? [bareArg('-nographic')] : [];
}

/** What the guest may do to its machine: reboot it, and find ACPI in it. */
export function buildLegacyLifecycle(input: ArgvInput): QemuArg[] {
  const {def, caps} = input;
  return [
    ...(caps.flags.has('no-reboot') && def.onReboot !== 'restart' ? [bareArg('-no-reboot')] : []),
    ...(isX86(def.os.arch) && !def.features.acpi ? [bareArg('-no-acpi')] : []),
  ];
}
