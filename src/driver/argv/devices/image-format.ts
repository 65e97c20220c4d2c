import type {VirtError} from '../../../base/virt-error.ts';
import type {DiskDef} from '../../../model/devices/disk.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {JsonObject} from '../qemu-arg.ts';
import {refuseDisk} from './disk-refusal.ts';
import type {ImageLayer} from './image-layers.ts';
import {encryptionSecretId} from './image-secrets.ts';

/** QEMU's drivers of the formats, by libvirt's names. What a directory, a CD or a FAT volume is, its bytes say. */
const DRIVERS: Readonly<Record<string, string>> = {
  raw: 'raw',
  fat: 'raw',
  iso: 'raw',
  dir: 'raw',
  bochs: 'bochs',
  cloop: 'cloop',
  dmg: 'dmg',
  vpc: 'vpc',
  vdi: 'vdi',
  vhd: 'vhdx',
  ploop: 'parallels',
  luks: 'luks',
  qcow: 'qcow',
  qcow2: 'qcow2',
  qed: 'qed',
  vmdk: 'vmdk',
};

const CONVERT = 'convert the image to raw or qcow2, with qemu-img convert';
const NAME_SECRET = "add <encryption format='luks'><secret type='passphrase' uuid='UUID'/></encryption>";

/** Formats whose images may have one below. Source: libvirt 9.0.0, src/conf/storage_source_conf.h, VIR_STORAGE_FILE_BACKING. */
const WITH_BACKING = ['qcow', 'qcow2', 'qed', 'vmdk'];

/**
 * The options of a node that are those of its format: the driver, what it is opened with, and what is below it.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a format or an encryption that QEMU does not have
 * @see libvirt 9.0.0, src/qemu/qemu_block.c, qemuBlockStorageSourceGetBlockdevFormatProps
 */
export function formatOptions(layer: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  const driver = DRIVERS[layer.format];
  if (driver === undefined)
    throw refuseDisk(disk, input, `QEMU opens no images of the format '${layer.format}'`, CONVERT);
  const luks = driver === 'luks' || (driver === 'raw' && isEncryptedByQemu(layer));
  return {
    ...(luks ? luksOptions(layer, disk, input) : {driver, ...encryptOptions(layer, disk, input)}),
    ...(driver === 'raw' && !luks ? sliceOptions(layer, disk, input) : {}),
    ...(driver === 'qcow2' ? qcow2Options(layer, disk) : {}),
    ...backingOptions(layer, disk, input),
  };
}

/** A part of the bytes below; a plain image has it in its format node. */
export function sliceOptions({source}: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  const [slice] = ('slices' in source && source.slices) || [];
  if (!slice) return {};
  const {offsetBytes, sizeBytes} = slice;
  if (offsetBytes + sizeBytes > Number.MAX_SAFE_INTEGER) {
    throw refuseDisk(disk, input, 'no file is so long that its <slice> could be there', 'put the <slice> right');
  }
  return {offset: Number(offsetBytes), size: Number(sizeBytes)};
}

/** Whether a part of the bytes needs a node of its own between them and their format. */
export function needsSliceNode(layer: ImageLayer): boolean {
  const {source} = layer;
  const isPlain = DRIVERS[layer.format] === 'raw' && !isEncryptedByQemu(layer);
  return 'slices' in source && source.slices !== undefined && !isPlain;
}

function isEncryptedByQemu({encryption}: ImageLayer): boolean {
  return encryption !== undefined && encryption.engine !== 'librbd';
}

function luksOptions(layer: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  const {encryption} = layer;
  if (!encryption?.secrets) throw refuseDisk(disk, input, 'a LUKS image is opened with a passphrase', NAME_SECRET);
  if (encryption.format !== 'luks') throw noSuchEncryption(layer, disk, input);
  return {driver: 'luks', 'key-secret': encryptionSecretId(layer)};
}

function encryptOptions(layer: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  const {encryption, format} = layer;
  if (encryption === undefined || encryption.engine === 'librbd') return {};
  if (!encryption.secrets) throw refuseDisk(disk, input, '<encryption> has no <secret>', NAME_SECRET);
  if (encryption.format === 'luks' && format === 'qcow2') {
    return {encrypt: {format: 'luks', 'key-secret': encryptionSecretId(layer)}};
  }
  if (encryption.format === 'qcow' && (format === 'qcow2' || format === 'qcow')) {
    const why = 'emulators since QEMU 2.3 do not open images with the old encryption of qcow';
    throw refuseDisk(disk, input, why, 'convert the image to LUKS, with qemu-img convert -o encrypt.format=luks');
  }
  throw noSuchEncryption(layer, disk, input);
}

function noSuchEncryption({format, encryption}: ImageLayer, disk: DiskDef, input: ArgvInput): VirtError {
  const why = `QEMU does not open an image of the format '${format}' with the encryption '${encryption?.format}'`;
  return refuseDisk(disk, input, why, "QEMU has <encryption format='luks'>, for raw and qcow2 images");
}

function qcow2Options({metadataCacheBytes, isTop}: ImageLayer, {driver}: DiskDef): JsonObject {
  return {
    'cache-size': metadataCacheBytes === undefined ? undefined : Number(metadataCacheBytes),
    'discard-no-unref': isTop ? driver.discardNoUnref : undefined,
  };
}

function backingOptions({below, format}: ImageLayer, disk: DiskDef, input: ArgvInput): JsonObject {
  if (below === undefined) return {};
  const mayHave = WITH_BACKING.includes(format);
  if (below === 'none') return mayHave ? {backing: null} : {};
  if (!mayHave)
    throw refuseDisk(
      disk,
      input,
      `an image of the format '${format}' has none below it`,
      'take its <backingStore> out',
    );
  return {backing: `${below.name}-format`};
}
