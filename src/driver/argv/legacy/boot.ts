import type {ArgvInput} from '../argv-input.ts';
import {BOOT_LETTERS} from '../boot-args.ts';
import {optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {cannotGive} from './refuse.ts';

/** What is booted: what a program on the host chooses, a kernel of the host, or the drives in their order. */
export function buildLegacyBoot(input: ArgvInput): QemuArg[] {
  const {os, bootloader, bootloaderArgs} = input.def;
  if (bootloader !== undefined) {
    if (bootloaderArgs !== undefined) throw cannotGive('boot loader', 'it can be given no arguments', input);
    return [textArg('-bootloader', bootloader)];
  }
  return [
    ...buildFirmware(input),
    ...bootOrder(input),
    ...(os.kernel === undefined ? [] : [textArg('-kernel', os.kernel)]),
    ...(os.initrd === undefined ? [] : [textArg('-initrd', os.initrd)]),
    ...(os.cmdline === undefined ? [] : [textArg('-append', os.cmdline)]),
  ];
}

function bootOrder({def: {os}, caps}: ArgvInput): QemuArg[] {
  if (os.boot.length === 0) return [];
  const order = [...new Set(os.boot)].map(device => BOOT_LETTERS[device]).join('');
  const menu = caps.flags.has('boot-menu') ? os.bootmenu?.enable : undefined;
  return [menu === undefined ? textArg('-boot', order) : optionsArg('-boot', {order, menu})];
}

function buildFirmware(input: ArgvInput): QemuArg[] {
  const {loader} = input.def.os;
  if (loader === undefined) return [];
  if (loader.type === 'rom' && input.caps.flags.has('bios')) return [textArg('-bios', loader.path)];
  throw cannotGive(`firmware '${loader.path}'`, `this emulator takes none of type '${loader.type}'`, input);
}
