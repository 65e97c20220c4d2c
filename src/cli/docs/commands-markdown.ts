import type {GlobalOptionSpec} from '../argument-spec.ts';
import type {CommandSpec} from '../command.ts';
import {formatGlobalOption, formatSynopsis, groupCommands, optionRows} from '../usage.ts';

const INTRODUCTION = `# Commands

<!-- Written by src/cli/docs/write-commands-doc.ts from the table of commands: change the table, then run it. -->

\`virtty\` alone opens the screen; with a command it runs that and ends. Names, wording and layout are those of
\`virsh\` of libvirt 9, so that scripts and habits carry over.

- The exit status is 0 when it was done, 1 when it failed, 2 when the command line is wrong.
- Errors are on stderr: a line \`error: ...\`, what belongs to it, and a line \`hint: ...\` with what to do.
- A domain is given by name, id or UUID.
- Without \`-c\` the URI is taken from \`VIRTTY_DEFAULT_URI\`, then \`LIBVIRT_DEFAULT_URI\`, then it is \`qemu:///session\`.
- Commands that only look work also while a screen owns the instance; those that change something need it for themselves
  and name the process that has it.
- As \`virsh\` does, a command ends its output with an empty line; \`-q\` leaves it, headings and success messages out.
- In JSON a number that a double cannot hold is a text.
`;

/** The manual of the command line, as Markdown. */
export function formatCommandsMarkdown(commands: readonly CommandSpec[], globals: readonly GlobalOptionSpec[]): string {
  const parts = [INTRODUCTION, '## Options of the program\n', `${globals.map(formatGlobal).join('\n')}\n`];
  for (const {group, specs} of groupCommands(commands)) parts.push(`## ${group}\n`, ...specs.map(formatCommand));
  return parts.join('\n');
}

function formatGlobal(option: GlobalOptionSpec): string {
  return `- \`${formatGlobalOption(option).trim()}\`: ${option.help}`;
}

function formatCommand(spec: CommandSpec): string {
  const lines = [`### ${spec.name}`, '', `\`${formatSynopsis(spec)}\``, '', `${capitalise(spec.summary)}.`];
  if (spec.description.length > 0) lines.push('', ...spec.description);
  const rows = optionRows(spec);
  if (rows.length > 0) lines.push('', ...rows.map(([name, help]) => `- \`${name}\`: ${help}`));
  return `${lines.join('\n')}\n`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
