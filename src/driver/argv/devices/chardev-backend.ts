import {assertNever} from '../../../base/assert-never.ts';
import type {ChardevDef} from '../../../model/devices/chardev.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {aliasOf} from './device-context.ts';

/** The host's side of a character device, and the id under which the guest's side takes it. */
export function buildChardevBackend(
  device: ChardevDef,
  {caps}: ArgvInput,
): {readonly arg: QemuArg; readonly id: string} {
  const id = `char${aliasOf(device)}`;
  const log = caps.flags.has('chardev-logfile') ? device.log : undefined;
  const options = {id, ...sourceOptions(device.source), logfile: log?.file, logappend: log?.append};
  return {id, arg: optionsArg('-chardev', options, {key: 'backend', value: device.source.type})};
}

function sourceOptions(source: ChardevDef['source']): OptionRecord {
  switch (source.type) {
    case 'pty': // QEMU makes the pty; a path in a live definition is what it made before
    case 'null':
      return {};
    case 'file':
      return {path: source.path, append: source.append};
    default:
      return assertNever(source);
  }
}
