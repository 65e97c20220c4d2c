import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {BootDevice} from '../../model/domain-def.ts';
import {devicesOf} from '../../model/domain-def.ts';
import type {ArgvInput} from './argv-input.ts';
import {machineFamily} from './machine-family.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/** QEMU's drive letters. Source: QEMU 7.2, `-boot` in qemu-options.hx. */
export const BOOT_LETTERS = {fd: 'a', hd: 'c', cdrom: 'd', network: 'n'} as const satisfies Record<BootDevice, string>;

/** What is booted: a kernel from the host, or the order of the drives. */
export function buildBootArgs(input: ArgvInput): QemuArg[] {
  const {kernel, initrd, cmdline, dtb, acpiTable} = input.def.os;
  return [
    ...bootOrder(input),
    ...(kernel === undefined ? [] : [textArg('-kernel', kernel)]),
    ...(initrd === undefined ? [] : [textArg('-initrd', initrd)]),
    ...(cmdline === undefined ? [] : [textArg('-append', cmdline)]),
    ...(dtb === undefined ? [] : [textArg('-dtb', dtb)]),
    ...(acpiTable?.path === undefined ? [] : [optionsArg('-acpitable', {sig: 'SLIC', file: acpiTable.path})]),
  ];
}

/** A PC goes by the `bootindex` of its devices alone (`strict`); the firmware of other boards knows letters only. */
function bootOrder({def, caps}: ArgvInput): QemuArg[] {
  if (def.os.boot.length === 0 && !def.devices.some(hasOrder)) return [];
  const {bootmenu, biosRebootTimeoutMs} = def.os;
  const menu = {menu: bootmenu?.enable, 'splash-time': bootmenu?.enable ? bootmenu.timeoutMs : undefined};
  const options = {...menu, 'reboot-timeout': biosRebootTimeoutMs, strict: true};
  if (machineFamily(def, caps) !== 'other') return [optionsArg('-boot', options)];
  const order = [...new Set(def.os.boot)].map(device => BOOT_LETTERS[device]).join('');
  return [optionsArg('-boot', {order: order === '' ? undefined : order, ...options})];
}

/**
 * The place of a device in the boot order, from 1 on; undefined when it is not booted from.
 * As in libvirt the first device of each kind stands for the kind. Source: libvirt 9.0.0, src/qemu/qemu_command.c, bootHD and bootCD.
 */
export function bootIndex(def: ArgvInput['def'], device: DeviceDef): number | undefined {
  if (hasOrder(device)) return device.boot.order;
  const at = def.os.boot.findIndex(kind => firstOf(def, kind) === device);
  return at < 0 ? undefined : at + 1;
}

function firstOf(def: ArgvInput['def'], kind: BootDevice): DeviceDef | undefined {
  switch (kind) {
    case 'hd':
      return devicesOf(def, 'disk').find(disk => disk.device === 'disk' || disk.device === 'lun');
    case 'cdrom':
      return devicesOf(def, 'disk').find(disk => disk.device === 'cdrom');
    case 'network':
      return devicesOf(def, 'interface')[0];
    case 'fd':
      return devicesOf(def, 'disk').find(disk => disk.device === 'floppy');
  }
}

/** `<boot order=>` of a device goes before the list of the whole guest; a definition has one of them. */
function hasOrder(device: DeviceDef): device is DeviceDef & {readonly boot: {readonly order: number}} {
  return 'boot' in device && device.boot?.order !== undefined;
}
