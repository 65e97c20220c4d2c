import {drivePlace} from '../../../model/devices/drive-place.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {type OptionRecord, type QemuArg, textArg} from '../qemu-arg.ts';

/** A floppy drive is part of its controller, and that has the drives' places in the boot order. */
export function floppyBootOptions({def}: ArgvInput): OptionRecord {
  const floppies = devicesOf(def, 'disk').filter(({target}) => target.bus === 'fdc');
  const indexes = floppies.map(floppy => [
    `bootindex${drivePlace(floppy)?.unit === 1 ? 'B' : 'A'}`,
    bootIndex(def, floppy),
  ]);
  return Object.fromEntries(indexes);
}

/** The same for the controller that the board has. */
export function floppyBootArgs(input: ArgvInput): readonly QemuArg[] {
  return Object.entries(floppyBootOptions(input)).flatMap(([option, index]) =>
    index === undefined ? [] : [textArg('-global', `isa-fdc.${option}=${index}`)],
  );
}
