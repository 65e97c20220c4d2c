import {quoteWord} from '../../base/quote-shell.ts';
import {VirtError} from '../../base/virt-error.ts';
import {type ProcessCommand, readProcessCommand} from '../../host/process-command.ts';
import {groupWords} from '../argv/group-words.ts';
import {formatCommandLine} from '../argv/quote-for-display.ts';
import {domainFromWords, type FromNative} from '../argv-parse/from-native.ts';

/** Of a running process: what of its environment an emulator or its libraries look at. */
const HEEDED =
  /^(?:QEMU_|SDL_|CEPH_|PULSE_|ALSA_|LD_|SPICE_|GTK_|GDK_|G_|MALLOC_|(?:AUDIODEV|TMPDIR|DISPLAY|XAUTHORITY)=)/;

/** What emulators are called, also those with a name of their own in front or behind. */
const EMULATOR = /(?:qemu|kvm|xenner)[^/]*$/;

const LIST_HINT = 'the running emulators are listed by: pgrep -a qemu';

/** So narrow that every option gets a line of its own. */
const ONE_OPTION_A_LINE = 0;

/** A running process as a domain, and its command line to look at. */
export interface ProcessDomain {
  readonly commandLine: string;
  readonly result: FromNative;
}

/**
 * Turns the command line and the environment of a running emulator into a domain definition.
 *
 * @throws {VirtError} OPERATION_INVALID for a process that is gone or no emulator, or whose arguments are no UTF-8
 */
export async function processToDomain(pid: number): Promise<ProcessDomain> {
  return commandToDomain(await readEmulatorCommand(pid));
}

/** The same for a command line that was read already. */
export function commandToDomain(command: ProcessCommand): ProcessDomain {
  const environment = (command.environment ?? []).filter(entry => HEEDED.test(entry));
  const options = command.directory === undefined ? {} : {directory: command.directory};
  const [program = '', ...args] = command.words;
  return {
    commandLine: [
      ...environment.map(entry => `${quoteAssignment(entry)} \\\n`),
      formatCommandLine(program, groupWords(args), ONE_OPTION_A_LINE),
    ].join(''),
    result: domainFromWords([...environment, ...command.words], options),
  };
}

async function readEmulatorCommand(pid: number): Promise<ProcessCommand> {
  const command = await readProcessCommand(pid);
  if (!command) {
    throw new VirtError('OPERATION_INVALID', 'QEMU', `cannot read the command line of process ${pid}: there is none`, {
      hint: LIST_HINT,
    });
  }
  const [program = ''] = command.words;
  if (!EMULATOR.test(program)) {
    const message = `cannot convert process ${pid} ('${program}'): it is no QEMU emulator`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', message, {hint: LIST_HINT});
  }
  if (!command.isExact) {
    const message = `cannot convert process ${pid}: its command line is no UTF-8, which a domain XML is`;
    throw new VirtError('OPERATION_INVALID', 'QEMU', message, {hint: 'give files and names UTF-8 names'});
  }
  return command;
}

/** `NAME=VALUE` with the value quoted where a shell would need it. */
function quoteAssignment(entry: string): string {
  const at = entry.indexOf('=') + 1;
  return `${entry.slice(0, at)}${entry.length === at ? '' : quoteWord(entry.slice(at))}`;
}
