import type {MemoryDeviceDef} from '../../../model/devices/memory-device.ts';
import type {ArgvInput} from '../argv-input.ts';
import {notYetSupported} from '../devices/device-context.ts';
import {type ObjectProperties, objectArg} from '../object-arg.ts';
import type {QemuArg} from '../qemu-arg.ts';
import {hugepageMount, memoryFilesFolder, memoryFolder} from './choose-place.ts';
import type {HugepageMount} from './memory-places.ts';
import {type MemoryPolicy, memoryPolicy} from './memory-policy.ts';
import {hugePageOf} from './page-size.ts';

/** A piece of memory: that of the board, of a NUMA cell, or of a module. */
export interface MemoryPiece {
  /** The id of the backend. */
  readonly id: string;
  /** What the file is called where the memory is one. */
  readonly fileName: string;
  readonly sizeKiB: bigint;
  /** The NUMA cell it is part of. */
  readonly node?: number;
  /** All memory of the board: QEMU's name of the memory in a migration must not depend on the file. */
  readonly isBoard?: boolean;
  readonly module?: MemoryDeviceDef;
}

/** How a piece of memory is backed, decided from all that the definition says of it. */
interface Backing {
  readonly share: boolean | undefined;
  readonly discard: boolean;
  readonly prealloc: boolean;
  readonly page: bigint | 'usual' | undefined;
  readonly policy: MemoryPolicy | undefined;
}

/** Whether a piece is more than plain memory of the emulator's own. */
export function needsBackend(piece: MemoryPiece, input: ArgvInput): boolean {
  const {share, prealloc, page, policy} = backingOf(piece, input);
  const source = input.def.memoryBacking?.sourceType;
  return (
    share !== undefined ||
    prealloc ||
    page !== undefined ||
    policy !== undefined ||
    (source ?? 'anonymous') !== 'anonymous'
  );
}

/**
 * The backend of a piece of memory, and before it the threads that allocate it near its nodes.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when the host has no such pages, or the emulator no such backend
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMemoryBackendProps and qemuBuildThreadContextProps
 */
export function buildMemoryBackend(piece: MemoryPiece, input: ArgvInput): readonly QemuArg[] {
  const {caps} = input;
  const backing = backingOf(piece, input);
  const {type, properties} = sourceOf(piece, backing, input);
  const {policy} = backing;
  const prealloc = allocatesItself(piece) ? undefined : backing.prealloc || undefined;
  const threads = prealloc && caps.flags.has('memory-prealloc-threads');
  const context = prealloc && policy && caps.flags.has('thread-context') ? `tc-${piece.id}` : undefined;
  const all = {
    ...properties,
    prealloc,
    'prealloc-threads': threads ? input.def.memoryBacking?.allocation?.threads : undefined,
    size: piece.sizeKiB * 1024n,
    ...moduleProperties(piece.module),
    'host-nodes': policy?.hostNodes,
    policy: policy?.policy,
    'prealloc-context': context,
  };
  const near =
    policy && context !== undefined
      ? [objectArg('thread-context', context, {'node-affinity': policy.hostNodes}, caps)]
      : [];
  return [...near, objectArg(type, piece.id, all, caps)];
}

/** virtio-mem plugs its memory in and out by itself: its device does what other backends do at the start. */
function allocatesItself({module}: MemoryPiece): boolean {
  return module?.model === 'virtio-mem';
}

/** Whether the device of a module has to allocate the memory before the guest runs. */
export function preallocatesInDevice(piece: MemoryPiece, input: ArgvInput): boolean {
  return allocatesItself(piece) && backingOf(piece, input).prealloc;
}

function backingOf({node, module}: MemoryPiece, input: ArgvInput): Backing {
  const {memoryBacking, cpu} = input.def;
  const cell = cpu?.numa?.cells?.find(({id}) => id === node);
  const access = module?.access ?? cell?.memAccess ?? memoryBacking?.accessMode;
  const page = hasFile(module) ? undefined : hugePageOf(node, module?.source?.pagesizeKiB, input);
  return {
    share: access === undefined ? undefined : access === 'shared',
    discard: module?.discard ?? cell?.discard ?? memoryBacking?.discard ?? false,
    prealloc: isPreallocated(page, module, memoryBacking?.allocation?.mode),
    page,
    policy: memoryPolicy(node, module?.source?.nodemask, input),
  };
}

/** A module that is a file or device of the host. */
function hasFile(module: MemoryDeviceDef | undefined): boolean {
  return module?.source?.path !== undefined;
}

/** Persistent memory of the host is there already; a file has to be, or the guest finds out when the disk is full. */
function isPreallocated(
  page: Backing['page'],
  module: MemoryDeviceDef | undefined,
  allocation: 'immediate' | 'ondemand' | undefined,
): boolean {
  if (module?.model === 'nvdimm' && !module.source?.pmem) return true;
  return page !== undefined || allocation === 'immediate';
}

interface Source {
  readonly type: string;
  readonly properties: ObjectProperties;
}

/** Old boards name memory in a migration by its file. Source: QEMU 7.2, hw/core/machine.c, hw_compat_4_0. */
const CANONICAL = 'x-use-canonical-path-for-ramblock-id';

function sourceOf(piece: MemoryPiece, backing: Backing, input: ArgvInput): Source {
  const {caps} = input;
  const {share, discard, page} = backing;
  const reserve = allocatesItself(piece) && caps.flags.has('memory-reserve') ? false : undefined;
  const common = {share, reserve, [CANONICAL]: piece.isBoard ? false : undefined};
  switch (kindOf(piece, backing, input)) {
    case 'epc':
      if (!caps.flags.has('memory-epc')) throw notYetSupported("<memory model='sgx-epc'> with this emulator", input);
      return {type: 'memory-backend-epc', properties: {}};
    case 'memfd': {
      if (!caps.flags.has('memory-memfd')) throw notYetSupported("<source type='memfd'> with this emulator", input);
      const huge = page === undefined ? {} : {hugetlb: true, hugetlbsize: pageBytes(page, input)};
      return {type: 'memory-backend-memfd', properties: {...huge, ...common}};
    }
    case 'anonymous':
      return {type: 'memory-backend-ram', properties: {reserve}};
    case 'file': {
      const folder = ownFolder(backing, input);
      const path = piece.module?.source?.path ?? (page === undefined ? `${folder}/${piece.fileName}` : folder);
      const properties = {'mem-path': path, 'discard-data': discard || undefined, ...common};
      return {type: 'memory-backend-file', properties};
    }
  }
}

/** Memory that is shared, or said to be private, has to be a file: only that can be mapped by others. */
function kindOf(
  {module}: MemoryPiece,
  {share, page}: Backing,
  {def}: ArgvInput,
): 'epc' | 'memfd' | 'anonymous' | 'file' {
  const source = def.memoryBacking?.sourceType;
  if (module?.model === 'sgx-epc') return 'epc';
  if (hasFile(module)) return 'file';
  if (source === 'memfd') return 'memfd';
  return page !== undefined || share !== undefined || source === 'file' ? 'file' : 'anonymous';
}

/** The folder in which the emulator makes the file of a piece; undefined for one that is no file, or one that is there. */
export function folderOfPiece(piece: MemoryPiece, input: ArgvInput): string | undefined {
  const backing = backingOf(piece, input);
  if (kindOf(piece, backing, input) !== 'file' || hasFile(piece.module)) return undefined;
  return ownFolder(backing, input);
}

/** On a mount of huge pages the emulator makes a file without a name in it, else one for each piece. */
function ownFolder({page}: Backing, input: ArgvInput): string {
  const parent = page === undefined ? memoryFilesFolder(input) : mountOf(page, input).directory;
  return `${parent}/${memoryFolder(input)}`;
}

function mountOf(page: bigint | 'usual', input: ArgvInput): HugepageMount {
  return hugepageMount(page === 'usual' ? undefined : page, input);
}

function pageBytes(page: bigint | 'usual', input: ArgvInput): bigint {
  return (page === 'usual' ? mountOf(page, input).pageKiB : page) * 1024n;
}

function moduleProperties(module: MemoryDeviceDef | undefined): ObjectProperties {
  const alignsizeKiB = module?.source?.alignsizeKiB;
  return {
    align: alignsizeKiB === undefined ? undefined : alignsizeKiB * 1024n,
    pmem: module?.source?.pmem ? true : undefined,
  };
}
