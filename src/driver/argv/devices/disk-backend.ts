import type {DiskDef} from '../../../model/devices/disk.ts';
import {omitUndefined} from '../../argv-parse/omit-undefined.ts';
import type {ArgvInput} from '../argv-input.ts';
import {type JsonObject, jsonArg, type QemuArg} from '../qemu-arg.ts';
import {secretArg} from '../secret-args.ts';
import {chardevArgs} from './chardev-backend.ts';
import {aliasOf} from './device-context.ts';
import {detectZeroes, effectiveCache} from './disk-modes.ts';
import {storageOptions} from './disk-storage.ts';
import {formatOptions, needsSliceNode, sliceOptions} from './image-format.ts';
import {type ImageLayer, imageLayers, lowestFirst} from './image-layers.ts';
import {imageSecrets, tlsKeySecretId, usesTls} from './image-secrets.ts';
import {tlsObjectId} from './network-storage.ts';
import {oldDrive} from './old-drive.ts';
import {ownReservationArgs} from './reservations.ts';
import {tlsObject} from './tls-object.ts';

/** The options that open an image, and what a device takes it by. */
export interface DiskBackend {
  readonly args: readonly QemuArg[];
  readonly link: {readonly drive: string} | {readonly chardev: string};
}

/** How the image of a disk is opened; undefined for an empty drive. */
export function buildDiskBackend(disk: DiskDef, input: ArgvInput): DiskBackend | undefined {
  const {source} = disk;
  if (source?.type === 'vhostuser') {
    const chardev = `chr-vu-${aliasOf(disk)}`;
    const {path, reconnect} = source;
    const unix = omitUndefined({type: 'unix', mode: 'connect', path, reconnect});
    return {args: chardevArgs('disk', chardev, unix, input), link: {chardev}};
  }
  const top = imageLayers(disk);
  if (top === undefined) return undefined;
  if (!input.caps.flags.has('blockdev')) {
    const {arg, id} = oldDrive(disk, top, input);
    return {args: [arg], link: {drive: id}};
  }
  return blockNodes(disk, top, input);
}

/** The nodes of all images, the lowest first, and what the guest's device reads through. */
function blockNodes(disk: DiskDef, top: ImageLayer, input: ArgvInput): DiskBackend {
  const images = lowestFirst(top).flatMap(layer => buildImageArgs(layer, disk, input));
  const format = `${top.name}-format`;
  if (disk.driver.copyOnRead !== true) return {args: images, link: {drive: format}};
  const drive = `libvirt-CoR-${disk.target.dev}`;
  const filter = {driver: 'copy-on-read', 'node-name': drive, file: format, discard: 'unmap'};
  return {args: [...images, jsonArg('-blockdev', filter)], link: {drive}};
}

/** The options that open one image: what it needs first, then its nodes. */
export function buildImageArgs(layer: ImageLayer, disk: DiskDef, input: ArgvInput): readonly QemuArg[] {
  return [
    ...ownReservationArgs(layer),
    ...imageSecrets(layer, input.settings).map(secret => secretArg(secret, input)),
    ...tlsArgs(layer, input),
    ...imageNodes(layer, disk, input).map(node => jsonArg('-blockdev', node)),
  ];
}

/**
 * The nodes of one image: the bytes on the host, the part of them where that is no matter of the format, and the
 * format over them. Locks are QEMU's default.
 */
export function imageNodes(layer: ImageLayer, disk: DiskDef, input: ArgvInput): readonly JsonObject[] {
  const storage = `${layer.name}-storage`;
  const slice = `${layer.name}-slice-sto`;
  const cache = cacheOptions(disk);
  const isSliced = needsSliceNode(layer);
  return [
    {...storageOptions(layer, disk, input), 'node-name': storage, cache, 'auto-read-only': true, discard: 'unmap'},
    ...(isSliced
      ? [
          {
            driver: 'raw',
            'node-name': slice,
            ...sliceOptions(layer, disk, input),
            file: storage,
            'auto-read-only': true,
            discard: 'unmap',
            cache,
          },
        ]
      : []),
    {
      'node-name': `${layer.name}-format`,
      'read-only': layer.readonly,
      discard: disk.driver.discard,
      'detect-zeroes': layer.isTop ? detectZeroes(disk.driver) : undefined,
      cache,
      ...formatOptions(layer, disk, input),
      file: isSliced ? slice : storage,
    },
  ];
}

/** A client always looks at the certificate of its server. */
function tlsArgs(layer: ImageLayer, {settings}: ArgvInput): readonly QemuArg[] {
  if (!usesTls(layer)) return [];
  const {diskTls = {}} = settings ?? {};
  const keySecretId = diskTls.keySecretUuid === undefined ? undefined : tlsKeySecretId(layer);
  return [tlsObject(omitUndefined({id: tlsObjectId(layer), endpoint: 'client', verify: true, keySecretId}), diskTls)];
}

/** The part of a cache mode that opening the image decides; the rest is the device's `write-cache`. */
function cacheOptions(disk: DiskDef): JsonObject | undefined {
  const cache = effectiveCache(disk);
  if (cache === undefined) return undefined;
  return {direct: cache === 'none' || cache === 'directsync', 'no-flush': cache === 'unsafe'};
}
