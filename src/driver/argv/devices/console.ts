import type {ConsoleDef} from '../../../model/devices/chardev.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {portPlace} from './channel.ts';
import {buildChardevBackend} from './chardev-backend.ts';
import {aliasOf, chooseDriver, refusal} from './device-context.ts';
import {buildSerialArgs} from './serial.ts';

/** A console: a virtio port or an SCLP line of its own, or another name of a serial line that is there already. */
export function buildConsoleArgs(console: ConsoleDef, input: ArgvInput): readonly QemuArg[] {
  switch (console.targetType) {
    case 'serial':
      return isSerialLine(console, input) ? [] : buildSerialArgs(console, input);
    case 'virtio':
      return withBackend('virtconsole', console, portPlace(console, input), input);
    case 'sclp':
    case 'sclplm':
      return withBackend(`${console.targetType}console`, console, {}, input);
    case 'xen':
    case 'uml':
    case 'lxc':
    case 'openvz':
      throw refusal(
        'console',
        `QEMU has none of target type '${console.targetType}'`,
        "give it <target type='virtio'/>",
        input,
      );
  }
}

function withBackend(driver: string, console: ConsoleDef, place: OptionRecord, input: ArgvInput): readonly QemuArg[] {
  const {args, id} = buildChardevBackend(console, input);
  const options = {...place, chardev: id, id: aliasOf(console)};
  return [...args, deviceArg(chooseDriver([driver], `${console.targetType} console`, input), options)];
}

/** The first serial line and its console have one alias. */
function isSerialLine(console: ConsoleDef, {def}: ArgvInput): boolean {
  return devicesOf(def, 'serial').some(({alias}) => alias === console.alias);
}
