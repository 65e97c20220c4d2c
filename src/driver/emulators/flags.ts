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
  'debug-threads': answers => hasOption(answers, 'name', 'debug-threads'),
  // The first JSON syntax of 6.2 broke unplugging; this feature says that it is mended. Source: libvirt 9.0.0, QEMU_CAPS_DEVICE_JSON.
  'device-json': answers => answers.deviceAddFeatures.has('json-cli-hotplug'),
};

function hasOption({options}: ProbeAnswers, option: string, parameter: string): boolean {
  return options.get(option)?.has(parameter) ?? false;
}
