import type {QmpFlag} from '../../model/capabilities.ts';

/** What an emulator said of itself over QMP, so far as flags are read from it. */
export interface ProbeAnswers {
  /** `query-commands`. */
  readonly commands: ReadonlySet<string>;
  /** `query-command-line-options`: the parameters of each option. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>;
  /** `qom-list-properties` of the classes that its boards belong to; empty before QEMU 2.12. */
  readonly machineProperties: ReadonlySet<string>;
  /** Features of `device_add` in `query-qmp-schema`. */
  readonly deviceAddFeatures: ReadonlySet<string>;
  /** The properties of each kind of `-object` in `query-qmp-schema`; empty before QEMU 6.0. */
  readonly objectProperties: ReadonlyMap<string, ReadonlySet<string>>;
}

/** How each flag is found. An emulator that answers QMP at all is 1.2 or later. */
export const FLAG_RULES: Readonly<Record<QmpFlag, (answers: ProbeAnswers) => boolean>> = {
  qmp: () => true,
  // `spawn` came with the four-part filter in 2.11; QEMU without seccomp does not list the option.
  sandbox: answers => hasOption(answers, 'sandbox', 'spawn'),
  action: answers => answers.options.has('action'),
  'no-reboot': () => true, // since 0.9.1
  // `-blockdev` and the stable name of this command both came with 2.9.
  blockdev: answers => answers.commands.has('blockdev-del'),
  'chardev-logfile': answers => hasOption(answers, 'chardev', 'logfile'),
  'msg-timestamp': answers => hasOption(answers, 'msg', 'timestamp'),
  'machine-graphics': answers => answers.machineProperties.has('graphics'),
  'machine-acpi': answers => answers.machineProperties.has('acpi'),
  'machine-hpet': answers => answers.machineProperties.has('hpet'),
  'memory-backend': answers => answers.machineProperties.has('memory-backend'),
  // An alias that each PC has of its own, so that only a concrete board tells of it; since 5.1.
  'machine-pcspk-audiodev': answers => answers.machineProperties.has('pcspk-audiodev'),
  'debug-threads': answers => hasOption(answers, 'name', 'debug-threads'),
  // The first JSON syntax of 6.2 broke unplugging; this feature says that it is mended. Source: libvirt 9.0.0, QEMU_CAPS_DEVICE_JSON.
  'device-json': answers => answers.deviceAddFeatures.has('json-cli-hotplug'),
  'accel-option': answers => answers.options.has('accel'),
  // `-compat` is of 5.2 and in no answer; this option is the first that came after it.
  compat: answers => answers.options.has('action'),
  overcommit: answers => answers.options.has('overcommit'),
  'smp-dies': answers => hasOption(answers, 'smp-opts', 'dies'),
  // The schema has its kinds since the option takes JSON, 6.0.
  'object-json': answers => answers.objectProperties.size > 0,
  'iothread-pool': answers => hasProperty(answers, 'iothread', 'thread-pool-min'),
  'main-loop': answers => hasProperty(answers, 'main-loop', 'thread-pool-min'),
  'thread-context': answers => hasProperty(answers, 'memory-backend-ram', 'prealloc-context'),
  'memory-memfd': answers => answers.objectProperties.has('memory-backend-memfd'),
  'memory-prealloc-threads': answers => hasProperty(answers, 'memory-backend-ram', 'prealloc-threads'),
  'memory-reserve': answers => hasProperty(answers, 'memory-backend-ram', 'reserve'),
  'memory-epc': answers => answers.objectProperties.has('memory-backend-epc'),
};

function hasOption({options}: ProbeAnswers, option: string, parameter: string): boolean {
  return options.get(option)?.has(parameter) ?? false;
}

function hasProperty({objectProperties}: ProbeAnswers, type: string, property: string): boolean {
  return objectProperties.get(type)?.has(property) ?? false;
}
