import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {EmulatorFlag} from '../../model/emulator-flags.ts';
import type {ArgvInput} from './argv-input.ts';
import {notYetSupported} from './devices/device-context.ts';
import {jsonArg, type OptionValue, type QemuArg} from './qemu-arg.ts';

type Namespace = NonNullable<DomainDef['qemu']>;
type Override = NonNullable<Namespace['override']>[number];
type Property = NonNullable<Override['frontend']>[number];

/** What the emulator does with what it will drop one day. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCompatDeprecatedCommandLine. */
const COMPAT = {
  none: undefined,
  omit: {'deprecated-output': 'hide'},
  reject: {'deprecated-output': 'hide', 'deprecated-input': 'reject'},
  crash: {'deprecated-output': 'hide', 'deprecated-input': 'crash'},
} as const;

/** `-compat`. @throws {VirtError} CONFIG_UNSUPPORTED for an emulator of before QEMU 5.2 */
export function buildCompatArgs(input: ArgvInput): readonly QemuArg[] {
  const behaviour = input.def.qemu?.deprecation;
  const policy = behaviour && COMPAT[behaviour];
  if (!policy) return [];
  if (!input.caps.flags.has('compat')) throw notYetSupported('<qemu:deprecation> with this emulator', input);
  return [jsonArg('-compat', policy)];
}

/** Puts the properties of `<qemu:override>` into the devices that it names. */
export function withOverrides(args: readonly QemuArg[], {qemu}: DomainDef): readonly QemuArg[] {
  const overrides = new Map((qemu?.override ?? []).map(({alias, frontend}) => [alias, frontend ?? []]));
  if (overrides.size === 0) return args;
  return args.map(arg => {
    const properties = overrides.get(aliasOf(arg) ?? '');
    return properties && arg.kind === 'options' ? {...arg, options: overridden(arg.options, properties)} : arg;
  });
}

function aliasOf(arg: QemuArg): string | undefined {
  if (arg.kind !== 'options' || arg.flag !== '-device') return undefined;
  const id = arg.options.find(([key]) => key === 'id')?.[1];
  return id === undefined ? undefined : String(id);
}

type Pairs = readonly (readonly [key: string, value: OptionValue])[];

function overridden(pairs: Pairs, properties: readonly Property[]): Pairs {
  return properties.reduce<Pairs>((made, {name, type, value = ''}) => {
    const others = made.filter(([key]) => key !== name);
    if (type === 'remove') return others;
    return [...others, [name, type === 'bool' ? value === 'true' || value === 'yes' : value] as const];
  }, pairs);
}

/** Ours by libvirt's names, where they differ. Source: libvirt 9.0.0, src/qemu/qemu_capabilities.c. */
const FLAG_NAMES: Readonly<Record<string, EmulatorFlag>> = {
  'seccomp-blacklist': 'sandbox',
  'seccomp-sandbox': 'sandbox',
  'chardev-logfile': 'chardev-logfile',
  'set-action': 'action',
  'compat-deprecated': 'compat',
  'machine-hpet': 'machine-hpet',
  'thread-context': 'thread-context',
  'iothread.thread-pool-max': 'iothread-pool',
  'object.main-loop': 'main-loop',
  'memory-backend-memfd': 'memory-memfd',
  'memory-backend-file.prealloc-threads': 'memory-prealloc-threads',
  'memory-backend.reserve': 'memory-reserve',
  'sgx-epc': 'memory-epc',
  'device.json+hotplug': 'device-json',
  'object.json': 'object-json',
};

/** The emulator as `<qemu:capabilities>` wants it to be seen; names that decide nothing here change nothing. */
export function withCapabilities(caps: EmulatorCaps, {qemu}: DomainDef): EmulatorCaps {
  const {add = [], del = []} = qemu?.capabilities ?? {};
  if (add.length + del.length === 0) return caps;
  const flagsOf = (names: typeof add) => names.flatMap(name => FLAG_NAMES[name] ?? []);
  const flags = new Set([...caps.flags, ...flagsOf(add)]);
  for (const flag of flagsOf(del)) flags.delete(flag);
  return {...caps, flags};
}
