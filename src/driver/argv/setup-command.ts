import type {JsonValue, QemuArg} from './qemu-arg.ts';

/** A command of QMP that makes what an option of the command line would have made. */
export interface SetupCommand {
  readonly execute: 'object-add' | 'blockdev-add' | 'device_add';
  readonly arguments: {readonly [key: string]: JsonValue | bigint | undefined};
}

const COMMANDS: Readonly<Record<string, SetupCommand['execute']>> = {
  '-object': 'object-add',
  '-blockdev': 'blockdev-add',
  '-device': 'device_add',
};

/** An option as the command that does the same while the emulator runs. */
export function toCommand(arg: QemuArg): SetupCommand {
  const execute = COMMANDS['flag' in arg ? arg.flag : ''];
  if (execute === undefined || arg.kind === 'bare' || arg.kind === 'text') {
    throw new Error(`no command of QMP is known for '${arg.flag}'`);
  }
  if (arg.kind === 'json') return {execute, arguments: arg.value};
  const first = arg.implied ? [[arg.implied.key, arg.implied.value] as const] : [];
  return {execute, arguments: Object.fromEntries([...first, ...arg.options])};
}
