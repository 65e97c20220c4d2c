import {VirtError} from '../../../base/virt-error.ts';
import {addressOfType} from '../../../model/devices/address.ts';
import type {DiskDef} from '../../../model/devices/disk.ts';
import {driveAddress} from '../../../model/devices/disk-target.ts';
import {isFlatScsi} from '../../../model/live-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type OptionRecord, type QemuArg, textArg} from '../qemu-arg.ts';
import {controllerBus} from './controllers.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {pciPlace, usbPlace} from './device-place.ts';
import {buildDiskBackend} from './disk-backend.ts';
import {diskProperties, scsiDeviceId} from './disk-properties.ts';

const VIRTIO_DISKS = ['virtio-blk-pci', 'virtio-blk-ccw', 'virtio-blk-device'];

/** A disk: its image as a backend, and the drive that the guest sees on its bus. */
export function buildDiskArgs(disk: DiskDef, input: ArgvInput): readonly QemuArg[] {
  const backend = buildDiskBackend(disk, input);
  const isFloppy = disk.target.bus === 'fdc';
  const index = bootIndex(input.def, disk);
  const options = {
    ...busAddress(disk, input),
    drive: backend?.drive,
    device_id: scsiDeviceId(disk),
    id: aliasOf(disk),
    bootindex: isFloppy ? undefined : index,
    ...diskProperties(disk, input),
  };
  const device = deviceArg(diskDriver(disk, input), options);
  const floppyBoot = isFloppy && index !== undefined ? [floppyBootArg(disk, index)] : [];
  return [...(backend?.args ?? []), device, ...floppyBoot];
}

/** The drive is part of the floppy controller, and that has the place in the boot order. */
function floppyBootArg(disk: DiskDef, index: number): QemuArg {
  const unit = placeOf(disk)?.unit === 1 ? 'B' : 'A';
  return textArg('-global', `isa-fdc.bootindex${unit}=${index}`);
}

function diskDriver(disk: DiskDef, input: ArgvInput): string {
  const what = `${disk.device} '${disk.target.dev}' on the ${disk.target.bus} bus`;
  const isCdrom = disk.device === 'cdrom';
  if (disk.device === 'lun' && disk.target.bus !== 'scsi') {
    throw unsupported(disk, input, 'only a SCSI disk can hand its commands to a LUN of the host');
  }
  switch (disk.target.bus) {
    case 'ide':
    case 'sata':
      return chooseDriver([isCdrom ? 'ide-cd' : 'ide-hd'], what, input);
    case 'scsi':
      return chooseDriver([disk.device === 'lun' ? 'scsi-block' : isCdrom ? 'scsi-cd' : 'scsi-hd'], what, input);
    case 'virtio':
      if (isCdrom) throw unsupported(disk, input, 'there is no virtio CD-ROM drive');
      return chooseDriver(virtioDisks(disk), what, input);
    case 'usb':
      return chooseDriver(['usb-storage'], what, input);
    case 'fdc':
      return chooseDriver(['floppy'], what, input);
    default:
      throw notYetSupported(`the ${disk.target.bus} bus of disk '${disk.target.dev}'`, input);
  }
}

function virtioDisks({model}: DiskDef): readonly string[] {
  const suffix = /^virtio(-transitional|-non-transitional)$/.exec(model ?? '')?.[1];
  return suffix === undefined ? VIRTIO_DISKS : [`virtio-blk-pci${suffix}`];
}

/** The place that the definition gives a drive, else the one that libvirt gives its target. */
function placeOf(disk: DiskDef) {
  const implied = driveAddress(disk.target.bus, disk.target.dev);
  return addressOfType(disk, 'drive') ?? (implied && {...implied, target: 0});
}

/** Where on its bus a disk sits. */
function busAddress(disk: DiskDef, input: ArgvInput): OptionRecord {
  if (disk.target.bus === 'virtio') return pciPlace(disk, input);
  if (disk.target.bus === 'usb') return usbPlace(disk, input);
  const address = placeOf(disk);
  if (address === undefined) return {};
  const {controller, bus, unit} = address;
  switch (disk.target.bus) {
    case 'ide':
      if (machineFamily(input.def, input.caps) === 'q35') throw unsupported(disk, input, 'a q35 board has no IDE bus');
      return {bus: `ide.${bus}`, unit};
    case 'sata':
      return {bus: `${controllerBus(input, 'sata', controller)}.${unit}`};
    case 'scsi':
      return scsiAddress(address, input);
    case 'fdc':
      return {unit};
    default:
      throw notYetSupported(`the ${disk.target.bus} bus of disk '${disk.target.dev}'`, input);
  }
}

/** A parallel SCSI bus numbers its drives; the others have channels, targets and units. */
function scsiAddress(
  {controller, bus, target, unit}: NonNullable<ReturnType<typeof placeOf>>,
  input: ArgvInput,
): OptionRecord {
  const name = controllerBus(input, 'scsi', controller);
  if (isFlatScsi(controller, input.def)) return {bus: `${name}.${bus}`, 'scsi-id': unit};
  return {bus: `${name}.0`, channel: bus, 'scsi-id': target, lun: unit};
}

function unsupported(disk: DiskDef, {def}: ArgvInput, why: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its ${disk.device} '${disk.target.dev}' on the ${disk.target.bus} bus: ${why}`,
    {hint: `use another bus, e.g. <target dev='sda' bus='sata'/>`},
  );
}
