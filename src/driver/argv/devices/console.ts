import type {ConsoleDef} from '../../../model/devices/chardev.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {portPlace} from './channel.ts';
import {buildChardevBackend} from './chardev-backend.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {buildSerialArgs} from './serial.ts';

/** A console: a virtio port of its own, or another name of a serial line that is there already. */
export function buildConsoleArgs(console: ConsoleDef, input: ArgvInput): readonly QemuArg[] {
  if (console.targetType === 'serial') return isSerialLine(console, input) ? [] : buildSerialArgs(console, input);
  const {arg, id} = buildChardevBackend(console, input);
  const driver = chooseDriver(['virtconsole'], 'virtio console', input);
  return [arg, deviceArg(driver, {chardev: id, ...portPlace(console, input), id: aliasOf(console)})];
}

function isSerialLine(console: ConsoleDef, {def}: ArgvInput): boolean {
  return devicesOf(def, 'serial').some(serial => serial.port === console.port);
}
