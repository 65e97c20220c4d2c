import type {Hypervisor} from '../model/hypervisor.ts';
import type {ArgumentsSpec} from './argument-spec.ts';
import type {CliIo} from './cli-io.ts';
import type {CommandArgs} from './command-args.ts';
import type {Access} from './connect.ts';

/** The headings under which help lists the commands, in order. */
export const COMMAND_GROUPS = ['Domains', 'Host and emulators', 'This program'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** What running a command needs of a command's file. */
export interface CommandModule {
  /** @throws {VirtError} or {@link UsageError}: exit status 1 or 2 */
  run(context: CommandContext): Promise<void>;
}

/**
 * One command as data: parsing, help, usage errors and the manual all come from it. The code is loaded when the
 * command runs, so that no command pays for another.
 */
export interface CommandSpec extends ArgumentsSpec {
  readonly group: CommandGroup;
  /** One line without a full stop. */
  readonly summary: string;
  /** More, as sentences; one paragraph each. */
  readonly description: readonly string[];
  /** `owner` changes things and needs the instance for itself; `reader` works beside an owner; `none` opens nothing. */
  readonly access: Access | 'none';
  /** What is opened when no URI was given as an option; else the environment and the session. */
  readonly uri?: string;
  /** What `--json` prints; without it the command refuses the option. */
  readonly json?: string;
  /** True when the output is not followed by the empty line that virsh ends its commands with. */
  readonly bare?: true;
  /** Left out of the help. */
  readonly hidden?: true;
  readonly load: () => Promise<CommandModule>;
}

/** The options that stand for the whole program. */
export interface GlobalOptions {
  readonly connect?: string;
  readonly readonly: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** What a command gets to work with. */
export interface CommandContext {
  readonly spec: CommandSpec;
  /** Every command, for the help. */
  readonly commands: readonly CommandSpec[];
  readonly args: CommandArgs;
  readonly globals: GlobalOptions;
  readonly io: CliIo;
  /** The version of this program. */
  readonly version: string;
  /**
   * Opens the connection on the first call and closes it when the command ends.
   *
   * @param access  where it is not what the command's row says
   * @throws {VirtError} OPERATION_DENIED for an owner's connection with `--readonly`, else as {@link OpenDriver}
   */
  connect(access?: Access): Promise<Hypervisor>;
}
