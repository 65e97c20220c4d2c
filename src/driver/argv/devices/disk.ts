import type {DiskDef} from '../../../model/devices/disk.ts';
import {drivePlace} from '../../../model/devices/drive-place.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {controllerBus} from './controllers.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {anyPlace, usbPlace} from './device-place.ts';
import {buildDiskBackend} from './disk-backend.ts';
import {diskProperties, scsiDeviceId} from './disk-properties.ts';
import {refuseDisk} from './disk-refusal.ts';
import {buildSdCardArgs} from './old-drive.ts';
import {scsiAddress} from './scsi-place.ts';
import {chooseVirtio} from './virtio-args.ts';

const OTHER_BUS = `use another bus, e.g. <target dev='sda' bus='sata'/>`;

/** A disk: its image as a backend, and the drive that the guest sees on its bus. */
export function buildDiskArgs(disk: DiskDef, input: ArgvInput): readonly QemuArg[] {
  // A disk whose image other guests use as well is plugged in when the emulator runs.
  if (disk.transient?.shareBacking === true && input.caps.flags.has('blockdev')) return [];
  if (disk.target.bus === 'sd') return buildSdCardArgs(disk, input);
  const backend = buildDiskBackend(disk, input);
  return [...(backend?.args ?? []), diskDevice(disk, backend?.link ?? {}, input)];
}

/** The same for a disk whose guest gets another node than that of its image. */
export function buildSharedDiskArgs(disk: DiskDef, drive: string, input: ArgvInput): readonly QemuArg[] {
  return [...(buildDiskBackend(disk, input)?.args ?? []), diskDevice(disk, {drive}, input)];
}

function diskDevice(disk: DiskDef, link: OptionRecord, input: ArgvInput): QemuArg {
  return deviceArg(diskDriver(disk, input), {
    ...busAddress(disk, input),
    ...link,
    device_id: scsiDeviceId(disk, input),
    id: aliasOf(disk),
    bootindex: disk.target.bus === 'fdc' ? undefined : bootIndex(input.def, disk),
    ...diskProperties(disk, input),
  });
}

function diskDriver(disk: DiskDef, input: ArgvInput): string {
  const what = `${disk.device} '${disk.target.dev}' on the ${disk.target.bus} bus`;
  const isCdrom = disk.device === 'cdrom';
  const why = whyNoDisk(disk);
  if (why !== undefined) throw refuseDisk(disk, input, why, OTHER_BUS);
  switch (disk.target.bus) {
    case 'ide':
    case 'sata':
      return chooseDriver([isCdrom ? 'ide-cd' : 'ide-hd'], what, input);
    case 'scsi':
      return chooseDriver([disk.device === 'lun' ? 'scsi-block' : isCdrom ? 'scsi-cd' : 'scsi-hd'], what, input);
    case 'virtio':
      return chooseVirtio(disk.source?.type === 'vhostuser' ? 'vhost-user-blk' : 'virtio-blk', disk.model, what, input);
    case 'usb':
      return chooseDriver(['usb-storage'], what, input);
    case 'fdc':
      return chooseDriver(['floppy'], what, input);
    default:
      throw notYetSupported(`the ${disk.target.bus} bus of disk '${disk.target.dev}'`, input);
  }
}

/** What cannot be on a bus. Source: libvirt 9.0.0, src/qemu/qemu_validate.c, qemuValidateDomainDeviceDefDiskFrontend. */
function whyNoDisk({device, target: {bus}, source}: DiskDef): string | undefined {
  if (device === 'lun' && bus !== 'scsi' && bus !== 'virtio')
    return 'only a disk on the scsi or virtio bus can hand its commands to a LUN of the host';
  if (device === 'lun' && source?.type !== 'block' && !(source?.type === 'network' && source.protocol === 'iscsi'))
    return 'only a block device or an iSCSI target is a LUN';
  if (device === 'cdrom' && bus === 'virtio') return 'there is no virtio CD-ROM drive';
  if (source?.type === 'vhostuser' && bus !== 'virtio') return 'a disk of a vhost-user process is a virtio device';
  return undefined;
}

/** Where on its bus a disk sits. */
function busAddress(disk: DiskDef, input: ArgvInput): OptionRecord {
  if (disk.target.bus === 'virtio') return anyPlace(disk, input);
  if (disk.target.bus === 'usb') return usbPlace(disk, input);
  const address = drivePlace(disk);
  if (address === undefined) return {};
  const {controller, bus, unit} = address;
  switch (disk.target.bus) {
    case 'ide':
      if (machineFamily(input.def, input.caps) === 'q35')
        throw refuseDisk(disk, input, 'a q35 board has no IDE bus', OTHER_BUS);
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
