import {VirtError} from '../../../base/virt-error.ts';
import type {DiskDef} from '../../../model/devices/disk.ts';
import {driveAddress} from '../../../model/devices/disk-target.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {controllerBus} from './controllers.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {buildDiskBackend} from './disk-backend.ts';

const VIRTIO_DISKS = ['virtio-blk-pci', 'virtio-blk-ccw', 'virtio-blk-device'];

/** A disk: its image as a backend, and the drive that the guest sees on its bus. */
export function buildDiskArgs(disk: DiskDef, input: ArgvInput): readonly QemuArg[] {
  if (disk.device === 'floppy' || disk.device === 'lun') throw notYetSupported(`<disk device='${disk.device}'>`, input);
  const backend = buildDiskBackend(disk, input);
  // Both properties came before `-blockdev`, in 2.7 and 2.9, and are told apart by nothing else.
  const writable = disk.source !== undefined && disk.device === 'disk' && input.caps.flags.has('blockdev');
  const options = {
    ...busAddress(disk, input),
    drive: backend?.drive,
    id: aliasOf(disk),
    bootindex: bootIndex(input.def, disk),
    serial: disk.serial,
    'share-rw': writable && disk.shareable ? true : undefined,
    'write-cache': writable ? writeCache(disk) : undefined,
  };
  return [...(backend?.args ?? []), deviceArg(diskDriver(disk, input), options)];
}

/** The guest's view of the cache; how the image is opened is the backend's. Source: QEMU 7.2, docs/devel, cache modes. */
function writeCache(disk: DiskDef): boolean | undefined {
  if (disk.driver.cache === undefined || disk.driver.cache === 'default') return undefined;
  return disk.driver.cache !== 'writethrough' && disk.driver.cache !== 'directsync';
}

function diskDriver(disk: DiskDef, input: ArgvInput): string {
  const what = `${disk.device} '${disk.target.dev}' on the ${disk.target.bus} bus`;
  switch (disk.target.bus) {
    case 'ide':
    case 'sata':
      return chooseDriver([disk.device === 'cdrom' ? 'ide-cd' : 'ide-hd'], what, input);
    case 'scsi':
      return chooseDriver([disk.device === 'cdrom' ? 'scsi-cd' : 'scsi-hd'], what, input);
    case 'virtio':
      if (disk.device === 'cdrom') throw unsupported(disk, input, 'there is no virtio CD-ROM drive');
      return chooseDriver(VIRTIO_DISKS, what, input);
    default:
      throw notYetSupported(`the ${disk.target.bus} bus of disk '${disk.target.dev}'`, input);
  }
}

/** Where on its bus a disk sits: the place that libvirt gives its target. */
function busAddress(disk: DiskDef, input: ArgvInput): OptionRecord {
  const address = driveAddress(disk.target.bus, disk.target.dev);
  if (address === undefined) return {};
  const {controller, bus, unit} = address;
  switch (disk.target.bus) {
    case 'ide':
      if (machineFamily(input.def, input.caps) === 'q35') throw unsupported(disk, input, 'a q35 board has no IDE bus');
      return {bus: `ide.${bus}`, unit};
    case 'sata':
      return {bus: `${controllerBus(input, 'sata', controller)}.${unit}`};
    case 'scsi':
      return {bus: `${controllerBus(input, 'scsi', controller)}.${bus}`, 'scsi-id': unit};
    case 'virtio':
      return {};
    default:
      throw notYetSupported(`the ${disk.target.bus} bus of disk '${disk.target.dev}'`, input);
  }
}

function unsupported(disk: DiskDef, {def}: ArgvInput, why: string): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its ${disk.device} '${disk.target.dev}' on the ${disk.target.bus} bus: ${why}`,
    {hint: `use another bus, e.g. <target dev='sda' bus='sata'/>`},
  );
}
