import type {ChardevDef} from '../../../model/devices/chardev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, notYetSupported} from './device-context.ts';

/** The host's side of a character device, and the id under which the guest's side takes it. */
export function buildChardevBackend(
  device: ChardevDef,
  input: ArgvInput,
): {readonly arg: QemuArg; readonly id: string} {
  const id = `char${aliasOf(device)}`;
  const log = input.caps.flags.has('chardev-logfile') ? device.log : undefined;
  const options = {id, ...sourceOptions(device, input), logfile: log?.file, logappend: log?.append};
  return {id, arg: optionsArg('-chardev', options, {key: 'backend', value: device.source.type})};
}

function sourceOptions({kind, source}: ChardevDef, input: ArgvInput): OptionRecord {
  switch (source.type) {
    case 'pty': // QEMU makes the pty; a path in a live definition is what it made before
    case 'null':
      return {};
    case 'file':
      return {path: source.path, append: source.append};
    default:
      throw notYetSupported(`<${kind} type='${source.type}'>`, input);
  }
}
