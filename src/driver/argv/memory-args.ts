import {VirtError} from '../../base/virt-error.ts';
import type {ArgvInput} from './argv-input.ts';
import {findMachine} from './machine-family.ts';
import {buildMemoryBackend, folderOfPiece, type MemoryPiece, needsBackend} from './memory/memory-backend.ts';
import {initialMemoryKiB, maximumMemoryKiB} from './memory/memory-sizes.ts';
import {bareArg, optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

const KIB_PER_MIB = 1024n;

/**
 * `-m`, how all memory is backed where that is said and there are no NUMA cells, and whether it is locked.
 * Sizes are in whole MiB, the unit that every emulator since 0.8 takes, or KiB where memory can be plugged in.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildMemCommandLine
 */
export function buildMemoryArgs(input: ArgvInput): readonly QemuArg[] {
  const board = boardMemory(input);
  return [...sizeArgs(input), ...(board ? buildMemoryBackend(board, input) : pathArgs(input)), ...lockArgs(input)];
}

function sizeArgs({def}: ArgvInput): readonly QemuArg[] {
  const sizeKiB = initialMemoryKiB(def);
  const maximumKiB = maximumMemoryKiB(def);
  if (maximumKiB === undefined) return [textArg('-m', String(sizeKiB / KIB_PER_MIB))];
  const slots = def.maxMemory?.slots;
  return [optionsArg('-m', {size: `${sizeKiB}k`, slots, maxmem: `${maximumKiB}k`})];
}

/** All memory of a board without NUMA cells. */
export function boardPiece({def, caps}: ArgvInput): MemoryPiece {
  const id = findMachine(def, caps)?.defaultRamId ?? 'ram';
  return {id, fileName: id, sizeKiB: initialMemoryKiB(def), isBoard: true};
}

/**
 * The memory of a board without NUMA cells as a backend, where the definition says more of it than its size.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a board whose memory cannot be a backend
 */
export function boardMemory(input: ArgvInput): MemoryPiece | undefined {
  const {def, caps} = input;
  const piece = boardPiece(input);
  if (def.cpu?.numa?.cells || !needsBackend(piece, input)) return undefined;
  if (findMachine(def, caps)?.defaultRamId !== undefined && caps.flags.has('memory-backend')) return piece;
  if (isHugePagesAlone(input)) return undefined;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot back the memory of domain '${def.name}' as it says: the memory of the board '${def.os.machine ?? 'of this emulator'}' is fixed (QEMU ${caps.version})`,
    {hint: 'take <memoryBacking> and <numatune> out of the definition, or describe the memory as NUMA cells'},
  );
}

/** `-mem-path` can say nothing else. */
function isHugePagesAlone({def}: ArgvInput): boolean {
  const {hugepages, accessMode, sourceType} = def.memoryBacking ?? {};
  return hugepages !== undefined && accessMode === undefined && sourceType === undefined && !def.numatune;
}

/** Huge pages for an emulator, or a board, without backends. */
function pathArgs(input: ArgvInput): readonly QemuArg[] {
  const folder = input.def.cpu?.numa?.cells ? undefined : folderOfPiece(boardPiece(input), input);
  return folder === undefined ? [] : [bareArg('-mem-prealloc'), textArg('-mem-path', folder)];
}

/** Locked memory is never swapped out. */
function lockArgs({def, caps}: ArgvInput): readonly QemuArg[] {
  if (!def.memoryBacking?.locked) return [];
  return [
    caps.flags.has('overcommit')
      ? optionsArg('-overcommit', {'mem-lock': true})
      : optionsArg('-realtime', {mlock: true}),
  ];
}
