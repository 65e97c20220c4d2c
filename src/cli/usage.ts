import type {GlobalOptionSpec, OptionSpec, PositionalSpec} from './argument-spec.ts';
import {COMMAND_GROUPS, type CommandSpec} from './command.ts';

const NAME_COLUMNS = 24;

/** `start <domain> [--console]`: how a command is written. */
export function formatSynopsis(spec: CommandSpec): string {
  return [spec.name, ...spec.positionals.map(formatPositional), ...spec.options.map(formatOption)].join(' ');
}

function formatPositional(positional: PositionalSpec): string {
  const word = `<${positional.name}>${positional.rest ? '...' : ''}`;
  return positional.optional ? `[${word}]` : word;
}

function formatOption(option: OptionSpec): string {
  return `[${formatOwnOption(option)}]`;
}

/** `--lines <number>`, or `--console[=<device>]` where the value can be left out. */
function formatOwnOption({name, value, valueOptional}: OptionSpec): string {
  if (value === undefined) return `--${name}`;
  return valueOptional ? `--${name}[=<${value}>]` : `--${name} <${value}>`;
}

/** `-c, --connect URI`: how a global option is listed. */
export function formatGlobalOption(option: GlobalOptionSpec): string {
  const names = option.short ? `-${option.short}, --${option.name}` : `    --${option.name}`;
  return option.value === undefined ? names : `${names} ${option.value}`;
}

/** The commands under a heading each, in the order of the table; hidden ones are left out. */
export function groupCommands(
  commands: readonly CommandSpec[],
): readonly {readonly group: string; readonly specs: readonly CommandSpec[]}[] {
  return COMMAND_GROUPS.map(group => ({
    group,
    specs: commands.filter(spec => spec.group === group && !spec.hidden),
  }));
}

/** What `virtty --help` and `virtty help` print. */
export function formatHelp(commands: readonly CommandSpec[], globals: readonly GlobalOptionSpec[]): string {
  const lines = [
    'virtty [OPTION]...                         open the screen',
    'virtty [OPTION]... COMMAND [ARGUMENT]...   run one command',
    '',
    'Options:',
    ...globals.map(option => `  ${formatGlobalOption(option).padEnd(NAME_COLUMNS)}${option.help}`),
  ];
  for (const {group, specs} of groupCommands(commands)) {
    lines.push('', `${group}:`, ...specs.map(spec => `  ${spec.name.padEnd(NAME_COLUMNS)}${spec.summary}`));
  }
  lines.push(
    '',
    'Without -c the URI is taken from VIRTTY_DEFAULT_URI, then LIBVIRT_DEFAULT_URI, then it is qemu:///session.',
    'Exit status: 0 done, 1 failed, 2 wrong usage. `virtty help COMMAND` says more about a command.',
  );
  return `${lines.join('\n')}\n`;
}

/** What `virtty help COMMAND` prints, laid out as virsh does. */
export function formatCommandHelp(spec: CommandSpec): string {
  const lines = ['  NAME', `    ${spec.name} - ${spec.summary}`, '', '  SYNOPSIS', `    ${formatSynopsis(spec)}`];
  if (spec.description.length > 0) lines.push('', '  DESCRIPTION', ...spec.description.map(text => `    ${text}`));
  const rows = optionRows(spec);
  if (rows.length > 0) {
    lines.push('', '  OPTIONS', ...rows.map(([name, help]) => `    ${name.padEnd(NAME_COLUMNS - 2)}${help}`));
  }
  return `${lines.join('\n')}\n\n`;
}

/** The arguments and options of a command, each with its help. */
export function optionRows(spec: CommandSpec): readonly (readonly [name: string, help: string])[] {
  return [
    ...spec.positionals.map(one => [`[--${one.name}] <${one.rest ? 'word...' : 'string'}>`, one.help] as const),
    ...spec.options.map(one => [formatOwnOption(one), one.help] as const),
    ...(spec.json ? [['--json', `print ${spec.json} as JSON`] as const] : []),
  ];
}
