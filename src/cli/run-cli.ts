import {messageOf} from '../base/virt-error.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import type {CliIo} from './cli-io.ts';
import type {CommandContext, CommandSpec} from './command.ts';
import type {CommandArgs} from './command-args.ts';
import {COMMANDS} from './command-table.ts';
import {type Access, chooseUri, type OpenDriver, readOnlyError, resolveAddress} from './connect.ts';
import {GLOBAL_OPTIONS} from './global-options.ts';
import {type Invocation, parseCommandLine} from './parse-command-line.ts';
import {EXIT, type ExitStatus, reportError} from './report-error.ts';

/** What the program is made of; a test gives its own. */
export interface CliEnvironment {
  readonly io: CliIo;
  readonly open: OpenDriver;
  readonly version: string;
}

/**
 * Runs the program once: reads the command line, runs the command, prints what went wrong.
 *
 * @param argv  without the program's name
 * @returns the exit status; it never throws
 */
export async function runCli(argv: readonly string[], environment: CliEnvironment): Promise<ExitStatus> {
  try {
    const invocation = parseCommandLine(argv, {commands: COMMANDS, globals: GLOBAL_OPTIONS});
    await runInvocation(invocation, environment);
    return EXIT.ok;
  } catch (error) {
    return reportError(environment.io, error);
  }
}

async function runInvocation(invocation: Invocation, environment: CliEnvironment): Promise<void> {
  const {globals, command} = invocation;
  const {io, version} = environment;
  if (globals.version) return io.out(`${version}\n`);
  if (globals.help) return printHelp(io, command?.spec);
  const chosen = command ?? (await screenCommand());
  await runCommand(chosen.spec, chosen.args, invocation, environment);
}

async function printHelp(io: CliIo, spec: CommandSpec | undefined): Promise<void> {
  const {formatCommandHelp, formatHelp} = await import('./usage.ts');
  io.out(spec ? formatCommandHelp(spec) : formatHelp(COMMANDS, GLOBAL_OPTIONS));
}

/** No command is the screen. */
async function screenCommand(): Promise<{spec: CommandSpec; args: CommandArgs}> {
  const {command} = parseCommandLine(['screen'], {commands: COMMANDS, globals: []});
  if (!command) throw new Error("the table of commands has no row 'screen'");
  return command;
}

async function runCommand(
  spec: CommandSpec,
  args: CommandArgs,
  {globals}: Invocation,
  {io, open, version}: CliEnvironment,
): Promise<void> {
  let opened: Promise<Hypervisor> | undefined;
  const context: CommandContext = {
    spec,
    commands: COMMANDS,
    args,
    globals,
    io,
    version,
    connect: (access = spec.access === 'none' ? 'reader' : spec.access) => {
      opened ??= openFor(context, open, access);
      return opened;
    },
  };
  let failed = true;
  try {
    const {run} = await spec.load();
    await run(context);
    failed = false;
  } finally {
    await closeOpened(opened, io, failed);
  }
  if (!spec.bare && !globals.json && !globals.quiet) io.out('\n');
}

/** Closes the connection, if one was opened; a failure of that must not hide why the command failed. */
async function closeOpened(opened: Promise<Hypervisor> | undefined, io: CliIo, failed: boolean): Promise<void> {
  try {
    await (await opened)?.close();
  } catch (error) {
    if (!failed) throw error;
    if (io.env.VIRTTY_DEBUG) io.err(`warning: cannot close the connection: ${messageOf(error)}\n`);
  }
}

async function openFor({spec, globals, io}: CommandContext, open: OpenDriver, access: Access): Promise<Hypervisor> {
  if (globals.readonly && access === 'owner') throw readOnlyError(spec.name);
  return open(resolveAddress(chooseUri(globals.connect ?? spec.uri, io.env), io.cwd), {access});
}
