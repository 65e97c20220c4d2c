import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {shortened} from '../split-native.ts';
import {takeDriveBackend} from './drive-options.ts';
import {type DrivePlace, defaultInterface, freePlace, interfaceOf, placeOf, takePlace} from './drive-place.ts';

/** A disk of the XML: an image in a place. */
export function diskOf(backend: DriveBackend, device: DiskDef['device'], target: DrivePlace): DiskDef {
  const {source, driver, serial, auth, iotune, geometry, transient, backingStore} = backend;
  return {
    kind: 'disk',
    device,
    driver,
    target,
    readonly: backend.readonly || device === 'cdrom',
    shareable: false,
    ...omitUndefined({source, backingStore, serial, auth, iotune, geometry, transient: transient ? {} : undefined}),
  };
}

/** `-drive`: kept whole, and so is the device that names it, when it says more than the XML can. */
export function readDrive(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const word = bag.take('if');
  const id = bag.take('id');
  const backend = takeDriveBackend(arg, bag, draft);
  const drive = word === undefined ? defaultInterface(draft) : interfaceOf(word);
  if (word === 'none') {
    const name = id ?? `drive${arg.index}`;
    if (!keepsMore(arg, bag, draft)) draft.drives.set(name, {backend, arg, used: false});
  } else if (word === 'pflash') {
    const unit = bag.takeNumber('unit') ?? bag.takeNumber('index');
    if (!keepsMore(arg, bag, draft)) readFlash(arg, backend, unit, draft);
  } else if (drive) {
    const device = drive === 'floppy' ? 'floppy' : backend.media;
    const disk = diskOf(backend, device, takePlace(drive, bag, draft));
    if (!keepsMore(arg, bag, draft)) addDisk(arg, disk, draft);
  } else {
    draft.keep(arg, `the interface '${word}' is not known`);
  }
}

/** Keeps an option of which something is left. */
function keepsMore(arg: NativeArg, {rest: [first]}: OptionBag, draft: NativeDraft): boolean {
  if (!first) return false;
  draft.keep(arg, `the domain XML has no word for '${shortened(first.text)}'`);
  return true;
}

/** Adds a disk; two in one place are an error, as they are for the emulator. */
export function addDisk(arg: NativeArg, disk: DiskDef, draft: NativeDraft): void {
  const taken = draft.devices.some(device => device.kind === 'disk' && device.target.dev === disk.target.dev);
  if (taken) draft.error(arg, `two disks are '${disk.target.dev}': give ${arg.option} another index or unit`);
  if (!disk.source && (disk.device === 'disk' || disk.device === 'lun')) {
    const key = arg.option === '-device' ? 'drive' : 'file';
    draft.error(arg, `the disk of ${arg.option} has no image: ${key}= is missing`);
  }
  draft.devices.push(disk);
}

/** Flash images: the first is the firmware, the second what it remembers. */
export function readFlash(
  arg: NativeArg,
  {source, readonly}: DriveBackend,
  unit: number | undefined,
  draft: NativeDraft,
): void {
  const path = source?.type === 'file' || source?.type === 'block' ? source.path : undefined;
  if (path === undefined) {
    draft.keep(arg, 'a flash image is a file');
    return;
  }
  if ((unit ?? (draft.os.loader ? 1 : 0)) === 0) draft.os.loader = {path, type: 'pflash', readonly};
  else draft.os.nvram = {path};
}

/** `-hda` and its kin: the drive with a number on the board's usual interface. */
export function readHardDisk(index: number) {
  return (arg: NativeArg, draft: NativeDraft): void =>
    addImage(arg, 'disk', placeOf(defaultInterface(draft), index), draft);
}

/** `-cdrom`: the third drive. */
export function readCdrom(arg: NativeArg, draft: NativeDraft): void {
  addImage(arg, 'cdrom', placeOf(defaultInterface(draft), 2), draft);
}

/** `-fda` and `-fdb`. */
export function readFloppy(index: number) {
  return (arg: NativeArg, draft: NativeDraft): void => addImage(arg, 'floppy', placeOf('floppy', index), draft);
}

/** `-usbdevice disk:FILE`. */
export function addUsbDisk(arg: NativeArg, file: string, draft: NativeDraft): void {
  addImage({...arg, value: file}, 'disk', freePlace('usb', draft), draft);
}

/** The value of these options is the name of the image, commas and all. */
function addImage(arg: NativeArg, device: DiskDef['device'], place: DrivePlace, draft: NativeDraft): void {
  const bag = parseOption(`file=${arg.value.replaceAll(',', ',,')}`);
  addDisk(arg, diskOf(takeDriveBackend(arg, bag, draft), device, place), draft);
}
