import type {BootDevice} from '../../../model/domain-def.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {ownProperty} from '../own-property.ts';
import {parseOption} from '../parse-option.ts';

const DEVICE_OF_LETTER: Readonly<Record<string, BootDevice>> = {
  a: 'fd',
  b: 'fd',
  c: 'hd',
  d: 'cdrom',
  n: 'network',
};

/** More is that for libvirt, too. Source: libvirt 4.5.0, qemu_parse_command.c, qemuParseCommandLine. */
const MAX_REBOOT_TIMEOUT_MS = 65535;

/** `-boot`: letters alone, or `order=`, `menu=` and so on. */
export function readBoot(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'order');
  const order = bag.take('order');
  if (order !== undefined) draft.boot = devicesOfLetters(arg, order, draft);
  const menu = bag.takeSwitch('menu');
  const timeoutMs = bag.takeNumber('splash-time');
  if (menu !== undefined || timeoutMs !== undefined) draft.os.bootmenu = omitUndefined({enable: menu, timeoutMs});
  const timeout = bag.peek('reboot-timeout');
  if (timeout !== undefined && /^-?\d{1,9}$/.test(timeout)) {
    draft.os.biosRebootTimeoutMs = Math.max(-1, Math.min(Number(bag.take('reboot-timeout')), MAX_REBOOT_TIMEOUT_MS));
  }
  // A PC goes by the order alone in libvirt's driver and in ours.
  bag.drop('strict');
  const once = bag.take('once');
  if (once !== undefined) draft.keep({...arg, words: ['-boot', `once=${once}`]});
  draft.keepRest(arg, bag);
}

function devicesOfLetters(arg: NativeArg, letters: string, draft: NativeDraft): readonly BootDevice[] {
  const devices = [...letters].flatMap(letter => {
    const device = ownProperty(DEVICE_OF_LETTER, letter);
    if (!device) draft.warn(arg, `'${letter}' of -boot is left out: it is no boot device (a, c, d, n)`);
    return device ?? [];
  });
  return [...new Set(devices)];
}

/** `-kernel`, `-initrd`, `-dtb`. */
export function readBootFile(key: 'kernel' | 'initrd' | 'dtb') {
  return (arg: NativeArg, draft: NativeDraft): void => {
    draft.os[key] = draft.path(arg, arg.value);
  };
}

/** `-bootloader`, of xenner: the program on the host that finds the kernel in the guest's disk. */
export function readBootloader(arg: NativeArg, draft: NativeDraft): void {
  draft.sections.bootloader = draft.path(arg, arg.value);
}

/** `-append`. */
export function readAppend(arg: NativeArg, draft: NativeDraft): void {
  draft.os.cmdline = arg.value;
}

/** `-bios`: the name of a file that comes with the emulator is no path, and kept. */
export function readBios(arg: NativeArg, draft: NativeDraft): void {
  if (!arg.value.includes('/')) {
    draft.keep(arg, 'it is a file of the emulator, and the domain XML wants a path');
    return;
  }
  draft.os.loader = {path: draft.path(arg, arg.value), type: 'rom', readonly: false};
}
