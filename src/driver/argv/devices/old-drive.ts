import type {DiskDef} from '../../../model/devices/disk.ts';
import {targetIndex} from '../../../model/devices/disk-target.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type JsonValue, type OptionRecord, type OptionValue, optionsArg, type QemuArg} from '../qemu-arg.ts';
import {secretArg} from '../secret-args.ts';
import {aliasOf} from './device-context.ts';
import {detectZeroes, effectiveCache, errorPolicies} from './disk-modes.ts';
import {refuseDisk} from './disk-refusal.ts';
import {storageOptions} from './disk-storage.ts';
import {formatOptions} from './image-format.ts';
import {type ImageLayer, imageLayers} from './image-layers.ts';
import {imageName} from './image-name.ts';
import {imageSecrets} from './image-secrets.ts';
import {THROTTLE_NAMES} from './throttle-names.ts';

/** Emulators before `-blockdev`: one `-drive` without an interface, for the device with that id. */
export function oldDrive(
  disk: DiskDef,
  layer: ImageLayer,
  input: ArgvInput,
): {readonly arg: QemuArg; readonly id: string} {
  refuseNewer(disk, layer, input);
  const id = `drive-${aliasOf(disk)}`;
  const options = {
    file: imageName(layer, disk, input),
    if: 'none',
    id,
    format: formatName(layer, disk, input),
    ...driveOptions(disk, layer),
    ...errorPolicies(disk.driver),
    snapshot: disk.transient ? true : undefined,
  };
  return {id, arg: optionsArg('-drive', options)};
}

/**
 * An SD card: no emulator takes one by `-device`. An empty slot has no file.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildDriveStr
 */
export function buildSdCardArgs(disk: DiskDef, input: ArgvInput): readonly QemuArg[] {
  const layer = imageLayers(disk);
  const place = {if: 'sd', index: targetIndex(disk.target.dev), readonly: disk.readonly ? true : undefined};
  if (layer === undefined) return [optionsArg('-drive', place)];
  refuseNewer(disk, layer, input);
  const secrets = imageSecrets(layer, input.settings).map(secret => secretArg(secret, input));
  const {driver: format} = formatOptions(layer, disk, input);
  const options = {
    ...cardSource(layer, disk, input),
    format: layer.source.type === 'dir' || typeof format !== 'string' ? undefined : format,
    ...place,
    ...driveOptions(disk, layer),
  };
  return [...secrets, optionsArg('-drive', options)];
}

/** A network's options are not all in a name. */
function cardSource(layer: ImageLayer, disk: DiskDef, input: ArgvInput): OptionRecord {
  if (layer.source.type !== 'network') return {file: imageName(layer, disk, input)};
  return Object.fromEntries(flatten('file', storageOptions(layer, disk, input)));
}

/** JSON members as QEMU's `key=value` has them: `server.0.host`. Source: QEMU 7.2, docs/interop, dotted keys. */
function flatten(prefix: string, value: JsonValue | undefined): readonly (readonly [string, OptionValue])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [[prefix, value]];
  return Object.entries(value).flatMap(([key, part]) => flatten(`${prefix}.${key}`, part));
}

/** How the image is used, whoever uses it. */
function driveOptions(disk: DiskDef, layer: ImageLayer): OptionRecord {
  const {driver, iotune} = disk;
  const limits = THROTTLE_NAMES.map(([limit, modern, short]) => [
    short.endsWith('_length') ? modern : short,
    iotune?.[limit],
  ]);
  return {
    readonly: layer.readonly ? true : undefined,
    cache: effectiveCache(disk),
    'copy-on-read': driver.copyOnRead,
    discard: driver.discard,
    'detect-zeroes': detectZeroes(driver),
    aio: driver.io,
    ...Object.fromEntries(limits),
    'throttling.group': iotune?.groupName,
  };
}

function formatName(layer: ImageLayer, disk: DiskDef, input: ArgvInput): string | undefined {
  if (layer.source.type === 'dir') return undefined;
  const {driver} = formatOptions({...layer, below: 'none'}, disk, input);
  return typeof driver === 'string' ? driver : undefined;
}

/** What came with `-blockdev` or after it, and `-drive` has no word for. */
function refuseNewer(disk: DiskDef, {source, encryption, metadataCacheBytes}: ImageLayer, input: ArgvInput): void {
  const wishes: readonly (readonly [string, unknown])[] = [
    ['<slices>', 'slices' in source ? source.slices : undefined],
    ['<reservations>', 'reservations' in source ? source.reservations : undefined],
    ['<encryption>', encryption],
    ['<metadata_cache>', metadataCacheBytes],
    ["<transient shareBacking='yes'/>", disk.transient?.shareBacking || undefined],
  ];
  const wish = wishes.find(([, value]) => value !== undefined)?.[0];
  if (wish !== undefined)
    throw refuseDisk(
      disk,
      input,
      `${wish} is nothing that -drive knows`,
      'choose another bus, or an emulator of QEMU 2.9 or later',
    );
}
