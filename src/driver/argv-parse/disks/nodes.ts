import type {BackingStore} from '../../../model/devices/disk-backing.ts';
import type {DiskDriver} from '../../../model/devices/disk-driver.ts';
import {DISK_FORMATS} from '../../../model/devices/disk-driver.ts';
import type {DiskSource} from '../../../model/devices/disk-source.ts';
import type {DriveBackend} from '../drive-backend.ts';
import type {NativeDraft, Pending} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {OptionValueError} from '../option-value-error.ts';
import {ownProperty} from '../own-property.ts';
import {parseOption} from '../parse-option.ts';
import {takeCacheSwitches, takeDiscard} from './drive-options.ts';
import {readFlash} from './drives.ts';
import {takeGroupLimits} from './iotune.ts';
import {takeEncryption} from './node-encryption.ts';
import {takeStorage} from './node-storage.ts';

/** Layers of nodes that are looked through, so that a circle ends. */
const MAX_LAYERS = 200;

/** `-blockdev`: kept for the node or device that names it. */
export function readBlockdev(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'driver');
  const name = bag.take('node-name');
  if (name === undefined) draft.keep(arg, 'it has no node-name');
  else draft.nodes.set(name, {backend: bag, arg, used: false});
}

/** A node that is looked at: named, or written inside of another one. */
interface Node {
  readonly bag: OptionBag;
  readonly arg: NativeArg;
  /** The named nodes on the way to it. */
  readonly names: readonly string[];
  readonly depth: number;
  readonly claims: Pending<unknown>[];
}

/** An image, and the nodes that it is made of. */
interface Image {
  readonly names: readonly string[];
  readonly source: DiskSource;
  readonly driver: DiskDriver;
  readonly readonly: boolean;
  readonly iotune?: NonNullable<DriveBackend['iotune']>;
  readonly backingStore?: BackingStore;
}

/** The image of a node, with the nodes below it; undefined where one is missing or the XML cannot say it. */
export function claimNode(name: string, draft: NativeDraft): DriveBackend | undefined {
  const claims: Pending<unknown>[] = [];
  const node = namedNode(name, draft, {names: [], depth: 0, claims});
  const image = node && readImage(node, draft);
  if (!image) return undefined;
  for (const pending of [...claims, ...image.names.flatMap(used => draft.nodes.get(used) ?? [])]) pending.used = true;
  const {source, driver, readonly, iotune, backingStore} = image;
  return {source, driver, media: 'disk', readonly, ...omitUndefined({iotune, backingStore})};
}

function namedNode(
  name: string,
  draft: NativeDraft,
  above: Pick<Node, 'names' | 'depth' | 'claims'>,
): Node | undefined {
  const pending = draft.nodes.get(name);
  if (!pending || above.depth >= MAX_LAYERS || above.names.includes(name)) return undefined;
  const {names, depth, claims} = above;
  return {bag: pending.backend.copy(), arg: pending.arg, names: [...names, name], depth: depth + 1, claims};
}

/** The node below: by its name, or written there. */
function childOf(node: Node, key: string, draft: NativeDraft): Node | undefined {
  const name = node.bag.take(key);
  if (name !== undefined) return namedNode(name, draft, node);
  const bag = node.bag.takeUnder(key);
  return bag.rest.length === 0 ? undefined : {...node, bag, depth: node.depth + 1};
}

/** An image with its format, through what filters it. */
function readImage(node: Node, draft: NativeDraft): Image | undefined {
  const {bag} = node;
  const driver = bag.peek('driver') ?? 'raw';
  if (driver === 'throttle' || driver === 'copy-on-read') return readFilter(driver, node, draft);
  const isFormat = driver === 'luks' || formatOf(driver) !== undefined;
  const hasChild = bag.peek('file') !== undefined || bag.rest.some(({key}) => key.startsWith('file.'));
  return isFormat && hasChild ? readFormat(driver, node, draft) : readBytes(node, draft);
}

/** libvirt's names of formats, where QEMU has others. */
const OTHER_NAMES: Readonly<Record<string, DiskDriver['format']>> = {parallels: 'ploop', vhdx: 'vhd'};

/** The format that a driver of QEMU is for; a LUKS image is an encrypted raw one. */
function formatOf(driver: string): DiskDriver['format'] | undefined {
  return ownProperty(OTHER_NAMES, driver) ?? DISK_FORMATS.find(word => word === driver && word !== 'luks');
}

/** What is over an image and says how it is used. */
function readFilter(driver: 'throttle' | 'copy-on-read', node: Node, draft: NativeDraft): Image | undefined {
  const child = childOf(node, 'file', draft);
  const image = child && readImage(child, draft);
  if (!image) return undefined;
  node.bag.drop('driver', 'node-name', 'read-only', 'auto-read-only', 'discard');
  if (driver === 'copy-on-read') {
    return node.bag.rest.length > 0 ? undefined : {...image, driver: {...image.driver, copyOnRead: true}};
  }
  const group = node.bag.take('throttle-group');
  const object = draft.objects.get(group ?? '');
  const iotune = takeGroupLimits(object);
  if (object) node.claims.push(object);
  return iotune && node.bag.rest.length === 0 ? {...image, iotune} : undefined;
}

/** The options of any node that the XML has words for. */
function takeCommon(bag: OptionBag) {
  bag.drop('driver', 'node-name', 'auto-read-only');
  return {
    readonly: bag.takeSwitch('read-only') ?? false,
    cache: takeCacheSwitches(bag),
    discard: takeDiscard(bag),
    detectZeroes: bag.takeWord('detect-zeroes', ['off', 'on', 'unmap']),
    io: bag.takeWord('aio', ['native', 'threads', 'io_uring']),
  };
}

/** A node of bytes alone is a raw image. */
function readBytes(node: Node, draft: NativeDraft): Image | undefined {
  const storage = readStorage(node, draft);
  if (!storage) return undefined;
  const {names, source, common} = storage;
  const {cache, detectZeroes, io, discard} = common;
  const format = source.type === 'dir' ? 'fat' : 'raw';
  return {
    names,
    source,
    driver: {format, ...omitUndefined({cache, detectZeroes, io, discard})},
    readonly: common.readonly,
  };
}

interface Storage {
  readonly names: readonly string[];
  readonly source: DiskSource;
  readonly common: ReturnType<typeof takeCommon>;
}

/** The bytes, or a part of them. */
function readStorage(node: Node, draft: NativeDraft): Storage | undefined {
  const {bag, arg, names} = node;
  if (bag.peek('driver') === 'raw') return readSlice(node, draft);
  const common = {...takeCommon(bag.copy())};
  const driver = bag.peek('driver') ?? 'file';
  takeCommon(bag);
  const source = takeStorage(driver, {bag, arg, draft, claims: node.claims});
  return source && bag.rest.length === 0 ? {names, source, common} : undefined;
}

function readSlice(node: Node, draft: NativeDraft): Storage | undefined {
  const slice = takeSlice(node.bag);
  const child = childOf(node, 'file', draft);
  const below = child && readStorage(child, draft);
  if (!below || !slice || below.source.type === 'vhostuser' || below.source.type === 'vhostvdpa') return undefined;
  takeCommon(node.bag);
  return node.bag.rest.length > 0 ? undefined : {...below, source: {...below.source, slices: [slice]}};
}

function takeSlice(bag: OptionBag) {
  const [offset, size] = [bag.takeBig('offset'), bag.takeBig('size')];
  if (offset === undefined || size === undefined) return undefined;
  return {type: 'storage' as const, offsetBytes: offset, sizeBytes: size};
}

/** A format over bytes, and the image below it. */
function readFormat(driver: string, node: Node, draft: NativeDraft): Image | undefined {
  const {bag} = node;
  const child = childOf(node, 'file', draft);
  const storage = child && readStorage(child, draft);
  if (!storage || storage.source.type === 'vhostuser') return undefined;
  const slice = driver === 'raw' ? takeSlice(bag) : undefined;
  const encryption = takeEncryption(driver, {...node, draft});
  const backing = readBacking(node, draft);
  const common = takeCommon(bag);
  const cacheBytes = bag.takeBig('cache-size');
  const unref = bag.takeSwitch('discard-no-unref');
  if (bag.rest.length > 0 || backing === 'unknown') return undefined;
  const format = storage.source.type === 'dir' ? 'fat' : (formatOf(driver) ?? 'raw');
  return {
    names: [...storage.names, ...(backing?.names ?? [])],
    source: {...storage.source, ...omitUndefined({encryption, slices: slice && [slice]})},
    readonly: common.readonly,
    driver: {
      format,
      ...omitUndefined({
        cache: common.cache ?? storage.common.cache,
        io: common.io ?? storage.common.io,
        discard: common.discard,
        detectZeroes: common.detectZeroes,
        metadataCacheBytes: cacheBytes,
        discardNoUnref: unref,
      }),
    },
    ...omitUndefined({backingStore: backing?.store}),
  };
}

/** What is below an image: nothing is known, there is nothing, or another image. */
function readBacking(
  node: Node,
  draft: NativeDraft,
): {readonly names: readonly string[]; readonly store: BackingStore} | 'unknown' | undefined {
  if (node.bag.takeNull('backing')) return {names: [], store: {}};
  const isSaid = node.bag.rest.some(({key}) => key === 'backing' || key.startsWith('backing.'));
  if (!isSaid) return undefined;
  const child = childOf(node, 'backing', draft);
  const image = child && readImage(child, draft);
  if (!image) return 'unknown';
  const {format, metadataCacheBytes} = image.driver;
  return {
    names: image.names,
    store: {
      source: image.source,
      format: {type: format, ...omitUndefined({metadataCacheBytes})},
      ...omitUndefined({backingStore: image.backingStore}),
    },
  };
}

/** The flash images that `-machine pflash0=` names. */
export function readFlashNodes(draft: NativeDraft): void {
  for (const {arg, node, unit} of draft.flashNodes) {
    const backend = claimNode(node, draft);
    if (!backend) throw new OptionValueError(`the node '${node}' of ${arg.option} is not known`);
    readFlash(arg, backend, unit, draft);
  }
}
