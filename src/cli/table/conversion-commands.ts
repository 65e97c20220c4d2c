import type {CommandSpec} from '../command.ts';

/** The commands between domain XML and command lines of emulators. */
export const CONVERSION_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'domxml-to-native',
    group: 'Domains',
    summary: "print the command line of a domain's emulator",
    description: [
      'Environment, program and arguments on one line, quoted for a shell, for what the emulator that the XML names can',
      'do. What the XML says and the line does not is a warning.',
    ],
    positionals: [
      {name: 'format', help: "the only one is 'qemu-argv'"},
      {name: 'xml', help: "file with the domain XML; '-' is the standard input", optional: true},
    ],
    options: [
      {name: 'domain', value: 'domain', help: 'name, id or UUID of a domain, instead of a file'},
      {name: 'plan', help: 'with --domain: what a start would do on this host now, its steps before as comments'},
      {name: 'emulator-help', value: 'file', help: 'what the emulator prints for -help: it need not be installed'},
      {name: 'emulator-caps', value: 'file', help: 'a saved probe of the emulator: it need not be installed'},
    ],
    access: 'reader',
    json: 'environment, program and arguments',
    load: () => import('../commands/domxml-to-native.ts'),
  },
];
