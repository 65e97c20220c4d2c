import {constants} from 'node:fs';
import {open, realpath} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import {VirtError} from '../base/virt-error.ts';
import {errnoOf} from '../host/files.ts';
import type {DiskDef} from '../model/devices/disk.ts';
import type {BackingStore} from '../model/devices/disk-backing.ts';
import type {DiskSource} from '../model/devices/disk-source.ts';
import type {DomainDef} from '../model/domain-def.ts';
import {formatByQemuName, readBackingName} from '../model/image-backing.ts';
import {
  type BackingName,
  type ChainedFormat,
  FIRST_BYTES,
  isChainedFormat,
  looksChained,
  readImageHeader,
} from '../model/image-header.ts';

/**
 * A definition whose disks name every image below theirs, read from the headers of the images as libvirt does at a start;
 * what the definition names itself stays. Only the declared formats are believed: an image of the format raw has nothing below it,
 * whatever its bytes say. A chain ends open, for QEMU to follow, at what is no file or device of this host, or cannot be read.
 *
 * @param options.givesFiles  what is found becomes the guest's, who may have written the header: files in the host's own
 *   folders are refused then
 * @throws {VirtError} OPERATION_FAILED for a header that is corrupt, an image below that is not there or whose format
 *   nobody says, a chain without an end; OPERATION_DENIED as said
 * @see libvirt 9.0.0, src/storage_file/storage_source.c, virStorageSourceGetMetadata
 */
export async function completeChains(def: DomainDef, options: ChainOptions): Promise<DomainDef> {
  const devices = [];
  for (const device of def.devices)
    devices.push(device.kind === 'disk' ? await completeDisk(device, def.name, options) : device);
  return {...def, devices};
}

async function completeDisk(disk: DiskDef, domain: string, options: ChainOptions): Promise<DiskDef> {
  const {source, driver, backingStore, target} = disk;
  const chain = new Chain(`disk '${target.dev}' of domain '${domain}'`, options);
  const found = await chain.below(source, driver.format, backingStore);
  return found === undefined || found === backingStore ? disk : {...disk, backingStore: found};
}

export interface ChainOptions {
  readonly givesFiles: boolean;
}

const HOSTS_OWN = /^\/(?:bin|boot|etc|lib\w*|proc|root|sbin|sys|usr)\//;

/** As libvirt: nobody has so many, and a chain may lead round. */
const MAX_IMAGES = 200;

interface LocalImage {
  readonly type: 'file' | 'block';
  readonly path: string;
}

class Chain {
  readonly #what: string;
  readonly #options: ChainOptions;
  #seen: readonly string[] = [];

  constructor(what: string, options: ChainOptions) {
    this.#what = what;
    this.#options = options;
  }

  /** What is below an image; undefined where that stays open. */
  async below(
    source: DiskSource | undefined,
    format: string | undefined,
    known: BackingStore | undefined,
  ): Promise<BackingStore | undefined> {
    if (known) return this.#belowKnown(known);
    const image = localImage(source);
    if (image === undefined || format === undefined || !isChainedFormat(format)) return undefined;
    const header = await this.#readHeader(image, format);
    if (header === undefined) return undefined;
    return header === 'none' ? {} : this.#follow(header, image);
  }

  async #belowKnown(known: BackingStore): Promise<BackingStore> {
    if (known.source === undefined) return known;
    const deeper = await this.below(known.source, known.format?.type, known.backingStore);
    return deeper === undefined || deeper === known.backingStore ? known : {...known, backingStore: deeper};
  }

  async #follow({name, format}: BackingName, above: LocalImage): Promise<BackingStore | undefined> {
    const place = readBackingName(this.#decode(name, above));
    if (place.is === 'elsewhere') return undefined;
    const path = await resolveBeside(place.path, above.path);
    const first = await readStart(path, FIRST_BYTES);
    if (first.is === 'missing') throw this.#failure(`the image '${path}' below '${above.path}' is not there`);
    if (first.is === 'unreadable') return undefined;
    if (this.#options.givesFiles && first.type === 'file') await this.#checkFolder(path, above);
    const said = place.format ?? (format && this.#decode(format, above));
    const type = said === undefined ? this.#rawFormat(path, first.bytes, above) : this.#formatOf(said, above);
    const source: DiskSource = {type: first.type, path};
    const deeper = await this.below(source, type, undefined);
    const end = isChainedFormat(type) || type === 'vmdk' ? deeper : {};
    return {format: {type}, source, ...(end === undefined ? {} : {backingStore: end})};
  }

  /** No image is there but by a header that was tampered with; an admin who means it names it. */
  async #checkFolder(path: string, above: LocalImage): Promise<void> {
    const [folder] = HOSTS_OWN.exec(await realpath(path)) ?? [];
    if (folder === undefined || (await realpath(above.path)).startsWith(folder)) return;
    const why = `'${above.path}' says that '${path}' is below it, which is in a folder of the host's own`;
    throw new VirtError('OPERATION_DENIED', 'SECURITY', `cannot open ${this.#what}: ${why}`, {
      hint: 'the guest would be given that file: name it in a <backingStore> of the disk if that is meant',
    });
  }

  #formatOf(name: string, above: LocalImage): string {
    const format = formatByQemuName(name);
    if (format !== undefined) return format;
    throw this.#failure(
      `'${above.path}' says that the image below it has the format ${JSON.stringify(name)}, which is none`,
    );
  }

  /** As libvirt: without a word about the format it may be raw only. */
  #rawFormat(path: string, bytes: Uint8Array, above: LocalImage): string {
    if (!looksChained(bytes)) return 'raw';
    throw this.#failure(`'${above.path}' does not say which format the image '${path}' below it has`, {
      hint: `say it: qemu-img rebase -u -F FORMAT -b ${path} ${above.path}, or name it in a <backingStore>`,
    });
  }

  async #readHeader({path}: LocalImage, format: ChainedFormat): Promise<BackingName | 'none' | undefined> {
    let start = await readStart(path, FIRST_BYTES);
    for (let tries = 0; tries < 2; tries++) {
      if (start.is !== 'read') return undefined;
      if (tries === 0) this.#remember(start.id, path);
      const header = readImageHeader(format, start.bytes);
      if (header.is === 'read') return header.below ?? 'none';
      if (header.is === 'corrupt') throw this.#failure(`the image '${path}' ${header.why}`);
      start = await readStart(path, header.neededBytes);
    }
    throw this.#failure(`the image '${path}' ends within its header`);
  }

  #remember(id: string, path: string): void {
    if (this.#seen.includes(id)) throw this.#failure(`the images below it lead round to '${path}' again`);
    this.#seen = [...this.#seen, id];
    if (this.#seen.length > MAX_IMAGES)
      throw this.#failure(`there are more than ${MAX_IMAGES} images below each other`);
  }

  #decode(bytes: Uint8Array, {path}: LocalImage): string {
    try {
      const text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
      if (!/[\0\n\r]/.test(text)) return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    throw this.#failure(`the image '${path}' names no file as that below it`);
  }

  #failure(why: string, {hint}: {readonly hint?: string} = {}): VirtError {
    return new VirtError('OPERATION_FAILED', 'STORAGE', `cannot open ${this.#what}: ${why}`, {
      hint: hint ?? "look at it with 'qemu-img info --backing-chain', or say in a <backingStore> what is below",
    });
  }
}

/** A file or device whose bytes are the image, from the first one on. */
function localImage(source: DiskSource | undefined): LocalImage | undefined {
  if (source?.type !== 'file' && source?.type !== 'block') return undefined;
  if (source.slices !== undefined || ('fdgroup' in source && source.fdgroup !== undefined)) return undefined;
  return source.path.startsWith('/') ? source : undefined;
}

/** A relative name is one beside the image that has it; `..` is resolved as the kernel would. */
async function resolveBeside(name: string, above: string): Promise<string> {
  const path = name.startsWith('/') ? name : `${dirname(above)}/${name}`;
  if (!path.split('/').includes('..')) return path;
  const folder = await realpath(dirname(path)).catch(() => dirname(path)); // the file is then found missing
  return `${folder === '/' ? '' : folder}/${basename(path)}`;
}

type Start =
  | {readonly is: 'read'; readonly bytes: Uint8Array; readonly type: 'file' | 'block'; readonly id: string}
  | {readonly is: 'missing'}
  | {readonly is: 'unreadable'};

/** The first bytes of an image; never waits for a pipe. */
async function readStart(path: string, maxBytes: number): Promise<Start> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile() && !stats.isBlockDevice()) return {is: 'unreadable'};
      const bytes = Buffer.alloc(maxBytes);
      const {bytesRead} = await file.read(bytes, 0, maxBytes, 0);
      const type = stats.isFile() ? 'file' : 'block';
      return {is: 'read', bytes: bytes.subarray(0, bytesRead), type, id: `${stats.dev}:${stats.ino}`};
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return {is: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable'};
  }
}
