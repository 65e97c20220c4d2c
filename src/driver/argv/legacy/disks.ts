import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DiskBus} from '../../../model/devices/disk-target.ts';
import {type BootDevice, devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {optionsArg, type QemuArg, textArg} from '../qemu-arg.ts';
import {legacyDrivePlace} from './drive-place.ts';
import {cannotGive, pairValue} from './refuse.ts';

/** QEMU's names of the buses of `-drive if=`; USB disks are devices of their own. */
const INTERFACES: Readonly<Partial<Record<DiskBus, string>>> = {
  ide: 'ide',
  fdc: 'floppy',
  scsi: 'scsi',
  virtio: 'virtio',
  xen: 'xen',
  sd: 'sd',
};

/** All disks, in the order of the XML: `-drive` where the emulator has it, else a flag for each place. */
export function buildLegacyDisks(input: ArgvInput): QemuArg[] {
  const bootable = firstOfEachKind(input);
  return devicesOf(input.def, 'disk').flatMap(disk => {
    if (disk.target.bus === 'usb') return [usbDisk(disk, input)];
    return input.caps.flags.has('drive') ? [drive(disk, bootable.has(disk), input)] : placedDisk(disk, input);
  });
}

const BOOT_KINDS: Readonly<Record<DiskDef['device'], BootDevice>> = {
  disk: 'hd',
  lun: 'hd',
  cdrom: 'cdrom',
  floppy: 'fd',
};

/** The disks that are booted from: of each kind in the boot order the first. */
function firstOfEachKind({def}: ArgvInput): ReadonlySet<DiskDef> {
  const disks = devicesOf(def, 'disk').filter(disk => disk.target.bus !== 'usb');
  return new Set(def.os.boot.flatMap(kind => disks.find(disk => BOOT_KINDS[disk.device] === kind) ?? []));
}

function drive(disk: DiskDef, isBooted: boolean, input: ArgvInput): QemuArg {
  const {flags} = input.caps;
  const {driver} = disk;
  const bus = INTERFACES[disk.target.bus];
  if (bus === undefined || disk.device === 'lun') {
    throw cannotGive(
      `disk '${disk.target.dev}'`,
      `this emulator has no ${disk.device} on a ${disk.target.bus} bus`,
      input,
    );
  }
  const asks = (flag: Parameters<typeof flags.has>[0], value: string | undefined) =>
    flags.has(flag) ? value : undefined;
  const isImage = disk.source !== undefined && disk.source.type !== 'dir';
  return optionsArg('-drive', {
    // An empty drive is one with an empty name.
    file: pairValue(imageName(disk, input) ?? '', `disk '${disk.target.dev}'`, input),
    if: bus,
    media: disk.device === 'cdrom' ? 'cdrom' : undefined,
    ...legacyDrivePlace(disk, input),
    boot: isBooted && disk.device === 'disk' && flags.has('drive-boot') ? true : undefined,
    readonly: asks('drive-readonly', isImage && disk.readonly && disk.device === 'disk' ? 'on' : undefined),
    format: isImage ? asks('drive-format', driver.format) : undefined,
    serial: pairValue(asks('drive-serial', disk.serial), `disk '${disk.target.dev}'`, input),
    cache: cacheWord(disk, input),
    ...errorPolicy(disk, input),
  });
}

function errorPolicy({driver: {errorPolicy: write, rerrorPolicy: read}}: DiskDef, {caps}: ArgvInput) {
  if (!caps.flags.has('drive-error-policy') || write === undefined) return {};
  const werror = write === 'enospace' ? 'enospc' : write;
  // There is no read that runs out of space.
  const rerror = read ?? (write === 'enospace' ? undefined : write);
  return {werror, rerror};
}

/** The words of before: `off` is no cache and also, since then it is safe, what now is `writethrough`. */
const OLD_CACHES = {none: 'off', writethrough: 'off', writeback: 'on'} as const;

/** A disk that several guests write must not be cached. */
function cacheWord(disk: DiskDef, input: ArgvInput): string | undefined {
  const {flags} = input.caps;
  const {cache = 'default'} = disk.driver;
  if (cache === 'default') {
    if (!disk.shareable || disk.readonly) return undefined;
    return flags.has('drive-cache-v2') ? 'none' : OLD_CACHES.none;
  }
  if (cache === 'unsafe' || cache === 'directsync') {
    if (flags.has(`drive-cache-${cache}`)) return cache;
    throw cannotGive(`disk '${disk.target.dev}'`, `this emulator has no cache=${cache}`, input);
  }
  return flags.has('drive-cache-v2') ? cache : OLD_CACHES[cache];
}

/** The file of a drive as QEMU names it; undefined for an empty one. */
function imageName(disk: DiskDef, input: ArgvInput): string | undefined {
  const {source} = disk;
  if (source === undefined) return undefined;
  const what = `disk '${disk.target.dev}'`;
  switch (source.type) {
    case 'file':
    case 'block':
      return source.path;
    case 'dir':
      if (disk.driver.format !== 'fat') throw cannotGive(what, 'a directory can only be of format fat', input);
      if (!disk.readonly) throw cannotGive(what, 'a directory can only be read', input);
      return `fat:${disk.device === 'floppy' ? 'floppy:' : ''}${source.path}`;
    case 'network':
      if (source.protocol === 'nbd' && source.hosts?.length === 1 && source.name === undefined) {
        const [host] = source.hosts;
        if (host?.name !== undefined && host.port !== undefined) return `nbd:${host.name}:${host.port}`;
      }
      throw cannotGive(what, `this emulator cannot be told of that ${source.protocol} server`, input);
    default:
      throw cannotGive(what, `this emulator knows no source of type '${source.type}'`, input);
  }
}

function usbDisk(disk: DiskDef, input: ArgvInput): QemuArg {
  const what = `disk '${disk.target.dev}'`;
  if (disk.device !== 'disk') throw cannotGive(what, `there is no ${disk.device} on a USB bus`, input);
  const image = imageName(disk, input);
  if (image === undefined) throw cannotGive(what, 'a USB disk needs a source', input);
  return textArg('-usbdevice', `disk:${image}`);
}

/** Emulators before `-drive`: four IDE places, of which the third may be the CD-ROM, and two floppy drives. */
function placedDisk(disk: DiskDef, input: ArgvInput): readonly QemuArg[] {
  const {target, device} = disk;
  const what = `${device} '${target.dev}'`;
  const image = imageName(disk, input);
  if (device === 'cdrom') {
    if (target.dev !== 'hdc') throw cannotGive(what, "without -drive the CD-ROM can only be 'hdc'", input);
    return image === undefined ? [] : [textArg('-cdrom', image)];
  }
  if (!/^(hd[a-d]|fd[ab])$/.test(target.dev) || (target.bus === 'fdc') !== (device === 'floppy')) {
    throw cannotGive(what, `without -drive there is no ${device} on a ${target.bus} bus there`, input);
  }
  return image === undefined ? [] : [textArg(`-${target.dev}`, image)];
}
