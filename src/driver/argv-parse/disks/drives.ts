import type {DiskDef} from '../../../model/devices/disk.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';
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

/** `-drive`. */
export function readDrive(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const word = bag.take('if');
  const id = bag.take('id');
  const backend = takeDriveBackend(arg, bag, draft);
  if (word === 'none') {
    draft.warnRest(arg, bag);
    draft.drives.set(id ?? `drive${arg.index}`, {backend, arg, used: false});
    return;
  }
  if (word === 'pflash') {
    readFlash(arg, backend, bag.takeNumber('unit') ?? bag.takeNumber('index'), draft);
    draft.warnRest(arg, bag);
    return;
  }
  const drive = word === undefined ? defaultInterface(draft) : interfaceOf(word);
  if (!drive) {
    draft.keep(arg, `the interface '${word}' is not known`);
    return;
  }
  const device = drive === 'floppy' ? 'floppy' : backend.media;
  addDisk(arg, diskOf(backend, device, takePlace(drive, bag, draft)), draft);
  draft.warnRest(arg, bag);
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
