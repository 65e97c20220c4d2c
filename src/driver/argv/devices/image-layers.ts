import type {DiskDef} from '../../../model/devices/disk.ts';
import type {BackingStore} from '../../../model/devices/disk-backing.ts';
import type {DiskSource, EncryptionDef} from '../../../model/devices/disk-source.ts';
import {omitUndefined} from '../../argv-parse/omit-undefined.ts';

/** A source that is opened by block nodes. */
export type ImageSource = Exclude<DiskSource, {readonly type: 'vhostuser'}>;

/** An image of a disk: the one that the guest sees, or one below it. */
export interface ImageLayer {
  /** What the names of its block nodes begin with, e.g. `libvirt-3`: they may have 31 bytes, less than an alias. */
  readonly name: string;
  readonly source: ImageSource;
  /** libvirt's name of the format. */
  readonly format: string;
  readonly isTop: boolean;
  readonly readonly: boolean;
  readonly metadataCacheBytes?: bigint;
  readonly auth?: DiskDef['auth'];
  readonly encryption?: EncryptionDef;
  /** `none`: there is nothing below; undefined: the image itself says what is. */
  readonly below?: ImageLayer | 'none';
}

/** A CD-ROM is never written, whatever the XML says. */
export function isReadOnly(disk: DiskDef): boolean {
  return disk.readonly || disk.device === 'cdrom';
}

/** The images of a disk, the upper ones first in each other; undefined for an empty drive and for a disk of another process. */
export function imageLayers(disk: DiskDef): ImageLayer | undefined {
  const {source, driver, backingStore} = disk;
  if (source === undefined || source.type === 'vhostuser') return undefined;
  return omitUndefined({
    name: nodeName(source.index),
    source,
    format: driver.format,
    isTop: true,
    // Other guests use the image as well: what this one writes goes to an image over it.
    readonly: isReadOnly(disk) || disk.transient?.shareBacking === true,
    metadataCacheBytes: driver.metadataCacheBytes,
    auth: authOf(source) ?? disk.auth,
    encryption: encryptionOf(source) ?? disk.encryption,
    below: backingStore && layerBelow(backingStore),
  });
}

function layerBelow({source, index, format, backingStore}: BackingStore): ImageLayer | 'none' {
  if (source === undefined || source.type === 'vhostuser') return 'none';
  return omitUndefined({
    name: nodeName(index),
    source,
    format: format?.type ?? 'raw',
    isTop: false,
    readonly: true,
    metadataCacheBytes: format?.metadataCacheBytes,
    auth: authOf(source),
    encryption: encryptionOf(source),
    below: backingStore && layerBelow(backingStore),
  });
}

/** The same images one after the other, the lowest first: each node is there before the one over it. */
export function lowestFirst(top: ImageLayer): readonly ImageLayer[] {
  return [...(top.below === undefined || top.below === 'none' ? [] : lowestFirst(top.below)), top];
}

/** The numbers come with the aliases: an image without one is a bug of the caller. */
function nodeName(index: number | undefined): string {
  if (index === undefined) throw new Error('an image has no number: assign aliases first');
  return `libvirt-${index}`;
}

function authOf(source: ImageSource): DiskDef['auth'] {
  return 'auth' in source ? source.auth : undefined;
}

function encryptionOf(source: ImageSource): EncryptionDef | undefined {
  return 'encryption' in source ? source.encryption : undefined;
}
