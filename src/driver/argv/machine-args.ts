import {isX86} from '../../model/arch.ts';
import {devicesOf} from '../../model/domain-def.ts';
import {acceleratorOf, hasAccelOptions} from './accel-args.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {memoryMachineOptions} from './devices/memory.ts';
import {soundAudiodev} from './devices/sound.ts';
import {pflashNodes} from './firmware-args.ts';
import {hasHmat} from './hmat-args.ts';
import {LAUNCH_SECURITY_ID} from './launch-security-args.ts';
import {findMachine, isPc, machineFamily} from './machine-family.ts';
import {machineFeatureOptions} from './machine-features.ts';
import {boardMemory} from './memory-args.ts';
import {bareArg, type OptionRecord, optionsArg, type QemuArg} from './qemu-arg.ts';

/** `-machine TYPE,accel=...`: the board, how its processors are run, and what of it is switched off. */
export function buildMachineArgs(input: ArgvInput): QemuArg[] {
  const {def, caps} = input;
  if (def.os.type !== 'hvm') throw notYetSupported(`the OS type '${def.os.type}'`, input);
  const pcWithoutAcpi = isPc(machineFamily(def, caps)) && !def.features.acpi;
  const withoutHpet = (def.clock.timers ?? []).some(({name, present}) => name === 'hpet' && present === false);
  const nodes = pflashNodes(def);
  const options: OptionRecord = {
    accel: hasAccelOptions(input) ? undefined : acceleratorOf(input),
    graphics: wantsSerialFirmware(input) && caps.flags.has('machine-graphics') ? false : undefined,
    ...machineFeatureOptions(def),
    'dump-guest-core': def.dumpCore,
    'mem-merge': def.memoryBacking?.nosharepages ? false : undefined,
    hpet: withoutHpet && caps.flags.has('machine-hpet') ? false : undefined,
    acpi: pcWithoutAcpi && caps.flags.has('machine-acpi') ? false : undefined,
    iommu: devicesOf(def, 'iommu').some(({model}) => model === 'smmuv3') ? 'smmuv3' : undefined,
    hmat: hasHmat(def) ? true : undefined,
    ...memoryMachineOptions(input),
    'memory-backend': boardMemory(input)?.id,
    pflash0: nodes?.code.format,
    pflash1: nodes?.variables?.format,
    ...keywrapOptions(input),
    'confidential-guest-support': def.launchSecurity ? LAUNCH_SECURITY_ID : undefined,
    'pcspk-audiodev': speaker(input),
    loadparm: loadparm(input),
  };
  // The usual board is named, too: then the command line says which one the guest has.
  const type = def.os.machine ?? findMachine(def, caps)?.name;
  return [
    optionsArg('-machine', options, type === undefined ? undefined : {key: 'type', value: type}),
    ...(pcWithoutAcpi && !caps.flags.has('machine-acpi') ? [bareArg('-no-acpi')] : []),
    ...(withoutHpet && !caps.flags.has('machine-hpet') ? [bareArg('-no-hpet')] : []),
  ];
}

/** What the firmware of S/390 is told of the device that it boots from. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuAppendLoadparmMachineParm. */
function loadparm({def}: ArgvInput): string | undefined {
  if (def.os.arch !== 's390x') return undefined;
  const boots = def.devices.flatMap(device => ('boot' in device && device.boot ? [device.boot] : []));
  return boots.find(({order}) => order === 1)?.loadparm;
}

/** Where the speaker of a board is heard, for a guest that has one. */
function speaker(input: ArgvInput): string | undefined {
  const card = devicesOf(input.def, 'sound').find(({model}) => model === 'pcspk');
  return card && input.caps.flags.has('machine-pcspk-audiodev') ? soundAudiodev(card, input) : undefined;
}

/**
 * Firmware talks on the first serial line when it is told so. SeaBIOS there takes bytes that are typed for the guest,
 * so a PC is never told without being asked, as in libvirt; firmware of another architecture is, when there is
 * no screen to talk on.
 */
function wantsSerialFirmware({def}: ArgvInput): boolean {
  if (def.os.biosUseSerial) return true;
  return !isX86(def.os.arch) && devicesOf(def, 'graphics').length === 0;
}

/** Whether an s390x guest may use the host's keys to protect its own. */
function keywrapOptions({def}: ArgvInput): OptionRecord {
  const ciphers = (def.keywrap ?? []).flatMap(({name, state}) =>
    name === undefined || state === undefined ? [] : [[`${name}-key-wrap`, state] as const],
  );
  return Object.fromEntries(ciphers);
}
