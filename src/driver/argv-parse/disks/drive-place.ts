import type {DiskBus} from '../../../model/devices/disk-target.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {OptionBag} from '../option-bag.ts';
import {OptionValueError} from '../option-value-error.ts';

/** What `if=` may say, with the bus it stands for, the letters of its targets and the drives on one bus. */
const INTERFACES = {
  ide: {bus: 'ide', prefix: 'hd', perBus: 2},
  sata: {bus: 'sata', prefix: 'sd', perBus: 1},
  scsi: {bus: 'scsi', prefix: 'sd', perBus: 7},
  virtio: {bus: 'virtio', prefix: 'vd', perBus: 1},
  floppy: {bus: 'fdc', prefix: 'fd', perBus: 2},
  xen: {bus: 'xen', prefix: 'xvd', perBus: 1},
  sd: {bus: 'sd', prefix: 'sd', perBus: 1},
  usb: {bus: 'usb', prefix: 'sd', perBus: 1},
  /** The SCSI adapter of pSeries, where libvirt keeps the letters of IDE for `-hda`. */
  spapr: {bus: 'scsi', prefix: 'hd', perBus: 7},
} as const satisfies Readonly<Record<string, {bus: DiskBus; prefix: string; perBus: number}>>;

export type DriveInterface = keyof typeof INTERFACES;

/** What a drive without `if=` is on. Source: QEMU 7.2, block_default_type of the boards; libvirt 4.5.0 for pseries. */
export function defaultInterface({arch, machine, hasMachine}: NativeDraft): DriveInterface {
  if (machine.startsWith('pseries')) return 'spapr';
  if (arch.startsWith('sparc') && arch !== 'sparc64') return 'scsi';
  if (arch === 's390x' || (hasMachine && machine.startsWith('virt'))) return 'virtio';
  return machine.startsWith('q35') || machine.startsWith('pc-q35') ? 'sata' : 'ide';
}

/** The letters of a place: 0 is `a`, 26 `aa`. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

const MAX_INDEX = 26 * 27 - 1;

export interface DrivePlace {
  readonly bus: DiskBus;
  readonly dev: string;
}

/** The target of the drive with a number on an interface. @throws {OptionValueError} for one that has no name */
export function placeOf(drive: DriveInterface, index: number): DrivePlace {
  const {bus, prefix} = INTERFACES[drive];
  if (index < 0 || index > MAX_INDEX) {
    throw new OptionValueError(
      `drive ${index} of the bus '${bus}' has no name in the XML, where the last is ${MAX_INDEX}`,
    );
  }
  return {bus, dev: prefix + letters(index)};
}

/** The first target of an interface that no disk has yet. */
export function freePlace(drive: DriveInterface, draft: NativeDraft): DrivePlace {
  const {prefix} = INTERFACES[drive];
  const taken = new Set(draft.devices.flatMap(device => (device.kind === 'disk' ? [device.target.dev] : [])));
  let index = 0;
  while (taken.has(prefix + letters(index))) index++;
  return placeOf(drive, index);
}

/** Takes `index=` or `bus=` and `unit=` of `-drive`; a virtio disk is a card of its own, which no unit places. */
export function takePlace(drive: DriveInterface, bag: OptionBag, draft: NativeDraft): DrivePlace {
  const index = bag.takeNumber('index');
  const bus = bag.takeNumber('bus');
  const unit = bag.takeNumber('unit');
  if (index !== undefined) return placeOf(drive, index);
  if (drive === 'virtio' || (bus === undefined && unit === undefined)) return freePlace(drive, draft);
  return placeOf(drive, (bus ?? 0) * INTERFACES[drive].perBus + (unit ?? 0));
}

/** The interface that a word of `if=` names. */
export function interfaceOf(word: string): DriveInterface | undefined {
  return Object.hasOwn(INTERFACES, word) && word !== 'spapr' ? (word as DriveInterface) : undefined;
}
