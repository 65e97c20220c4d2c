import type {DiskDef} from '../../../model/devices/disk.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {JsonObject} from '../qemu-arg.ts';
import {withOverrides} from '../qemu-namespace-args.ts';
import {type SetupCommand, toCommand} from '../setup-command.ts';
import {buildSharedDiskArgs} from './disk.ts';
import {imageNodes} from './disk-backend.ts';
import {refuseDisk} from './disk-refusal.ts';
import {type ImageLayer, imageLayers, isReadOnly, lowestFirst} from './image-layers.ts';

/** A disk that forgets what its guest writes: that goes to an image over its own, which is made at the start. */
export interface TransientDisk {
  /** The target, e.g. `vda`. */
  readonly dev: string;
  /** The image as the definition has it: nothing is written there. */
  readonly source: ImageLayer['source'];
  /** The node of that image. */
  readonly base: string;
  /** What QEMU is told before, where the image is not on its command line because other guests use it, too. */
  readonly before: readonly SetupCommand[];
  /** The image over it. */
  readonly overlay: Overlay;
  /** The device, where it is plugged in afterwards. */
  readonly device?: SetupCommand;
}

/** An image that takes what a guest writes. */
export interface Overlay {
  readonly path: string;
  /** The nodes of its bytes and of its format, which does not say yet what is below. */
  readonly storage: JsonObject;
  readonly format: JsonObject;
}

/**
 * The transient disks of a domain, in order.
 *
 * @param overlayPath  where the image over that of a disk is made
 * @throws {VirtError} CONFIG_UNSUPPORTED for one that cannot be
 * @see libvirt 9.0.0, src/qemu/qemu_snapshot.c, qemuSnapshotCreateDisksTransient, and src/qemu/qemu_hotplug.c
 */
export function planTransients(input: ArgvInput, overlayPath: (disk: DiskDef) => string): readonly TransientDisk[] {
  if (!input.caps.flags.has('blockdev')) return []; // -drive has snapshot=on
  const disks = devicesOf(input.def, 'disk');
  let number = Math.max(0, ...disks.flatMap(numbersOf));
  return disks
    .filter(({transient}) => transient !== undefined)
    .map(disk => {
      number += 1;
      return planTransient(disk, `libvirt-${number}`, overlayPath(disk), input);
    });
}

function planTransient(disk: DiskDef, name: string, path: string, input: ArgvInput): TransientDisk {
  const top = imageLayers(disk);
  const why = whyNotTransient(disk, top);
  if (top === undefined || why !== undefined) {
    throw refuseDisk(disk, input, why ?? 'it has no image', 'take <transient/> out of the disk');
  }
  const {source} = top;
  const base = `${top.name}-format`;
  const overlay = planOverlay(disk, name, path, input);
  if (disk.transient?.shareBacking !== true) return {dev: disk.target.dev, source, base, before: [], overlay};
  const args = withOverrides(buildSharedDiskArgs(disk, `${name}-format`, input), input.def);
  const commands = args.map(toCommand);
  return {
    dev: disk.target.dev,
    source,
    base,
    before: commands.filter(({execute}) => execute !== 'device_add'),
    overlay,
    ...pluggedLast(commands),
  };
}

function planOverlay(disk: DiskDef, name: string, path: string, input: ArgvInput): Overlay {
  const layer: ImageLayer = {name, source: {type: 'file', path}, format: 'qcow2', isTop: true, readonly: false};
  const [storage = {}, format = {}] = imageNodes(layer, disk, input);
  return {path, storage, format};
}

function pluggedLast(commands: readonly SetupCommand[]): {readonly device?: SetupCommand} {
  const device = commands.find(({execute}) => execute === 'device_add');
  return device ? {device} : {};
}

/** Source: libvirt 9.0.0, src/qemu/qemu_validate.c, qemuValidateDomainDeviceDefDiskTransient. */
function whyNotTransient(disk: DiskDef, top: ImageLayer | undefined): string | undefined {
  const {device, target, transient, driver} = disk;
  if (top === undefined) return 'a transient disk has an image of its own';
  if (isReadOnly(disk) || device !== 'disk') return 'only a disk that its guest may write can forget what was written';
  if (transient?.shareBacking !== true) return undefined;
  if (!['virtio', 'usb', 'scsi'].includes(target.bus))
    return 'a disk whose image is shared is on the virtio, usb or scsi bus';
  return driver.copyOnRead === true ? 'an image that is shared is not copied into' : undefined;
}

function numbersOf(disk: DiskDef): readonly number[] {
  const top = imageLayers(disk);
  return top ? lowestFirst(top).map(({name}) => Number(name.replace('libvirt-', ''))) : [];
}
