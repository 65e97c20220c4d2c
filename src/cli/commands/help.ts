import type {CommandContext} from '../command.ts';
import {GLOBAL_OPTIONS} from '../global-options.ts';
import {findCommand} from '../parse-command-line.ts';
import {formatCommandHelp, formatHelp} from '../usage.ts';

/** `virtty help [COMMAND]`. @throws {UsageError} for a command that there is not */
export async function run({args, commands, io}: CommandContext): Promise<void> {
  const [name] = args.words('command');
  io.out(name === undefined ? formatHelp(commands, GLOBAL_OPTIONS) : formatCommandHelp(findCommand(name, commands)));
}
