import type {NumaCell} from '../../model/domain/cpu.ts';
import type {ArgvInput} from './argv-input.ts';
import {buildHmatArgs, hasHmat, initiatorOf} from './hmat-args.ts';
import {findMachine} from './machine-family.ts';
import {buildMemoryBackend, type MemoryPiece, needsBackend} from './memory/memory-backend.ts';
import {cellMemoryKiB} from './memory/memory-sizes.ts';
import {type OptionValue, optionsArg, type QemuArg} from './qemu-arg.ts';

const KIB_PER_MIB = 1024n;

/** The guest's NUMA cells: memory for each, the processors that are near it, how far it is to the others. */
export function buildNumaArgs(input: ArgvInput): readonly QemuArg[] {
  const cells = input.def.cpu?.numa?.cells ?? [];
  const bySize = isSharedOut(cells, input);
  return [
    ...cells.flatMap(cell => (bySize ? [sizeArg(cell, input)] : cellArgs(cell, cells, input))),
    ...distanceArgs(cells),
    ...(hasHmat(input.def) ? buildHmatArgs(input.def) : []),
  ];
}

/**
 * Whether the memory of the board is shared out by size alone. On a board of before QEMU 5.1 it has to be where it can: its
 * name is part of the state that moves from host to host.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildNumaCommandLine
 */
function isSharedOut(cells: readonly NumaCell[], input: ArgvInput): boolean {
  const {def, caps} = input;
  if (findMachine(def, caps)?.numaMem !== true || hasHmat(def)) return false;
  return !cells.some(cell => needsBackend(cellPiece(cell, input), input));
}

function sizeArg(cell: NumaCell, input: ArgvInput): QemuArg {
  return nodeArg(cell, [['mem', cellPiece(cell, input).sizeKiB / KIB_PER_MIB]]);
}

function cellArgs(cell: NumaCell, cells: readonly NumaCell[], input: ArgvInput): readonly QemuArg[] {
  const piece = cellPiece(cell, input);
  const initiator = hasHmat(input.def) ? initiatorOf(cell, cells, input.def) : undefined;
  // A cell of processors alone: QEMU refuses a backend of size 0.
  const memory = piece.sizeKiB === 0n ? [] : buildMemoryBackend(piece, input);
  return [
    ...memory,
    nodeArg(cell, [
      ...(initiator === undefined ? [] : [['initiator', initiator] as const]),
      ...(memory.length > 0 ? [['memdev', piece.id] as const] : []),
    ]),
  ];
}

/** The memory of a cell. */
export function cellPiece({id: node, memoryKiB}: NumaCell, {def}: ArgvInput): MemoryPiece {
  const id = `ram-node${node}`;
  return {id, fileName: id, sizeKiB: cellMemoryKiB(memoryKiB, def), node};
}

/** Each range of processors is a key of its own. */
function nodeArg({id, cpus}: NumaCell, more: readonly (readonly [string, OptionValue])[]): QemuArg {
  const ranges = (cpus ?? '').split(',').filter(range => range !== '');
  return {
    kind: 'options',
    flag: '-numa',
    implied: {key: 'type', value: 'node'},
    options: [['nodeid', id], ...ranges.map(range => ['cpus', range] as const), ...more],
  };
}

/** What the firmware's table says of two cells that say nothing of each other. Source: libvirt 9.0.0, src/conf/numa_conf.c. */
const LOCAL_DISTANCE = 10;
const REMOTE_DISTANCE = 20;

/** All distances, when one is said: QEMU completes no table. */
function distanceArgs(cells: readonly NumaCell[]): readonly QemuArg[] {
  if (!cells.some(({distances}) => distances)) return [];
  return cells.flatMap(from =>
    cells.map(to =>
      optionsArg('-numa', {src: from.id, dst: to.id, val: distance(from, to)}, {key: 'type', value: 'dist'}),
    ),
  );
}

/** One way counts for both when the other is not said. */
function distance(from: NumaCell, to: NumaCell): number {
  const said = (cell: NumaCell, other: NumaCell) => cell.distances?.find(({id}) => id === other.id)?.value;
  return said(from, to) ?? said(to, from) ?? (from.id === to.id ? LOCAL_DISTANCE : REMOTE_DISTANCE);
}
