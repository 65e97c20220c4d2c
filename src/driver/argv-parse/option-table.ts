import {readChardev} from './chardevs/chardev-backend.ts';
import {readMon} from './chardevs/ports.ts';
import {readAudiodev} from './devices/audio-backends.ts';
import {readFsdev, readVirtfs} from './devices/filesystem-device.ts';
import {readPcidevice} from './devices/host-device.ts';
import {readObject} from './devices/objects.ts';
import {readSoundhw} from './devices/sound-cards.ts';
import {readTpmdev} from './devices/system-devices.ts';
import {readUsbdevice} from './devices/usbdevice.ts';
import {readCdrom, readDrive, readFloppy, readHardDisk} from './disks/drives.ts';
import {readIscsi} from './disks/iscsi-initiator.ts';
import {readBlockdev} from './disks/nodes.ts';
import type {NativeDraft} from './native-draft.ts';
import type {NativeArg} from './native-word.ts';
import {readNic} from './nets/nets.ts';
import {ownProperty} from './own-property.ts';
import {
  readAdapter,
  readDisplay,
  readFullScreen,
  readKeymap,
  readNoGraphic,
  readSdl,
  readVga,
} from './screens/displays.ts';
import {readSpice} from './screens/spice.ts';
import {readVnc} from './screens/vnc.ts';
import {readAppend, readBios, readBoot, readBootFile, readBootloader} from './settings/boot.ts';
import {
  readLocaltime,
  readNoHpet,
  readNoPitReinjection,
  readRtc,
  readRtcHack,
  readStartdate,
} from './settings/clock.ts';
import {readCompat} from './settings/compat.ts';
import {readCpu} from './settings/cpu.ts';
import {readGlobal} from './settings/globals.ts';
import {readName, readUuid} from './settings/identity.ts';
import {readAction, readNoAcpi, readNoReboot, readWatchdog, readWatchdogAction} from './settings/lifecycle.ts';
import {readAccel, readEnableKvm, readMachine, readNoKvm} from './settings/machine.ts';
import {readMemory, readMemPath, readMemPrealloc, readOvercommit} from './settings/memory.ts';
import {readAcpiTable, readFwCfg, readSmbios} from './settings/smbios.ts';
import {readSmp} from './settings/smp.ts';

/** What is done with an option. */
export interface OptionRow {
  /** Whether a value follows. */
  readonly value: boolean;
  readonly read: (arg: NativeArg, draft: NativeDraft) => void;
}

type Read = OptionRow['read'];

function flag(read: Read): OptionRow {
  return {value: false, read};
}

function valued(read: Read): OptionRow {
  return {value: true, read};
}

/** What every start of ours says by itself. */
const drivers: Read = () => {};

const keep: Read = (arg, draft) => draft.keep(arg);

/** A file that whoever started the emulator had opened: the line has its number only. */
const readAddFd: Read = (arg, draft) =>
  draft.warn(arg, `'${arg.value}' of -add-fd is left out: it is a file that was handed over open, without its name`);

function note(message: string): Read {
  return (arg, draft) => draft.note(arg, message);
}

const later =
  (list: 'deviceArgs' | 'portArgs' | 'netArgs' | 'numaArgs'): Read =>
  (arg, draft) => {
    draft[list].push(arg);
  };

/** Options with a value that the XML has no word for: it matters whether a value follows. */
const KEPT_VALUED = [
  'bt clock d dfilter echr gdb icount jitdump mtdblock option-rom',
  'pflash plugin prom-env readconfig rotate sd seed set tb-size trace',
  'writeconfig semihosting-config',
].flatMap(line => line.split(' '));

/** Those without one. */
const KEPT_FLAGS = [
  'alt-grab ctrl-grab curses enable-fips enable-sync-profile no-fd-bootchk no-frame no-quit portrait s',
  'semihosting show-cursor singlestep snapshot win2k-hack xen-attach preconfig',
].flatMap(line => line.split(' '));

/** Every option that is understood, by its name without dashes. Source: `-help` of QEMU 0.8.1 to 7.2. */
const ROWS: Readonly<Record<string, OptionRow>> = {
  name: valued(readName),
  uuid: valued(readUuid),
  M: valued(readMachine),
  machine: valued(readMachine),
  accel: valued(readAccel),
  'enable-kvm': flag(readEnableKvm),
  'no-kvm': flag(readNoKvm),
  'no-kqemu': flag(readNoKvm),
  'kernel-kqemu': flag(note('the kernel module kqemu is gone')),
  'enable-kqemu': flag(note('the kernel module kqemu is gone')),
  m: valued(readMemory),
  'mem-path': valued(readMemPath),
  'mem-prealloc': flag(readMemPrealloc),
  overcommit: valued(readOvercommit),
  realtime: valued(readOvercommit),
  smp: valued(readSmp),
  cpu: valued(readCpu),
  boot: valued(readBoot),
  kernel: valued(readBootFile('kernel')),
  initrd: valued(readBootFile('initrd')),
  dtb: valued(readBootFile('dtb')),
  append: valued(readAppend),
  bootloader: valued(readBootloader),
  bios: valued(readBios),
  hda: valued(readHardDisk(0)),
  hdb: valued(readHardDisk(1)),
  hdc: valued(readHardDisk(2)),
  hdd: valued(readHardDisk(3)),
  cdrom: valued(readCdrom),
  fda: valued(readFloppy(0)),
  fdb: valued(readFloppy(1)),
  drive: valued(readDrive),
  blockdev: valued(readBlockdev),
  device: valued(later('deviceArgs')),
  'add-fd': valued(readAddFd),
  smbios: valued(readSmbios),
  fw_cfg: valued(readFwCfg),
  acpitable: valued(readAcpiTable),
  compat: valued(readCompat),
  object: valued(readObject),
  numa: valued(later('numaArgs')),
  fsdev: valued(readFsdev),
  virtfs: valued(readVirtfs),
  tpmdev: valued(readTpmdev),
  net: valued(later('netArgs')),
  netdev: valued(later('netArgs')),
  nic: valued(readNic),
  serial: valued(later('portArgs')),
  parallel: valued(later('portArgs')),
  chardev: valued(readChardev),
  monitor: valued(drivers),
  mon: valued(readMon),
  qmp: valued(drivers),
  'qmp-pretty': valued(drivers),
  nographic: flag(readNoGraphic),
  vnc: valued(readVnc),
  sdl: flag(readSdl),
  spice: valued(readSpice),
  display: valued(readDisplay),
  vga: valued(readVga),
  'std-vga': flag(readAdapter('std')),
  vmwarevga: flag(readAdapter('vmware')),
  'full-screen': flag(readFullScreen),
  k: valued(readKeymap),
  usb: flag((_arg, draft) => {
    draft.usb = true;
  }),
  usbdevice: valued(readUsbdevice),
  pcidevice: valued(readPcidevice),
  soundhw: valued(readSoundhw),
  audiodev: valued(readAudiodev),
  rtc: valued(readRtc),
  localtime: flag(readLocaltime),
  startdate: valued(readStartdate),
  'no-hpet': flag(readNoHpet),
  'no-kvm-pit-reinjection': flag(readNoPitReinjection),
  'rtc-td-hack': flag(readRtcHack),
  'no-acpi': flag(readNoAcpi),
  'no-reboot': flag(readNoReboot),
  'no-shutdown': flag(drivers),
  action: valued(readAction),
  watchdog: valued(readWatchdog),
  'watchdog-action': valued(readWatchdogAction),
  global: valued(readGlobal),
  incoming: valued(note('a definition does not say where a migration comes from')),
  domid: valued(note('the number of a domain is given when it starts')),
  // Proxmox VE's own.
  id: valued(note('the number of a domain is given when it starts')),
  iscsi: valued(readIscsi),
  loadvm: valued(note('a definition does not say which snapshot to start from')),
  S: flag(drivers),
  daemonize: flag(drivers),
  pidfile: valued(drivers),
  D: valued(drivers),
  nodefaults: flag((_arg, draft) => {
    draft.noDefaults = true;
  }),
  'no-user-config': flag(drivers),
  nodefconfig: flag(drivers),
  sandbox: valued(drivers),
  msg: valued(drivers),
  runas: valued(note('qemu.conf says as whom the emulator runs')),
  chroot: valued(keep),
  ...Object.fromEntries(KEPT_VALUED.map(name => [name, valued(keep)])),
  ...Object.fromEntries(KEPT_FLAGS.map(name => [name, flag(keep)])),
};

/** The row of an option; undefined for one that no emulator of ours has. */
export function optionRow(name: string): OptionRow | undefined {
  return ownProperty(ROWS, name);
}
