import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {modulePiece} from '../devices/memory.ts';
import {boardPiece} from '../memory-args.ts';
import {cellPiece} from '../numa-args.ts';
import {folderOfPiece} from './memory-backend.ts';

/**
 * The folders on the host in which the emulator makes files for the guest's memory, each once. They have to be there
 * before it starts, and nobody else uses them.
 */
export function memoryFolders(input: ArgvInput): readonly string[] {
  const cells = input.def.cpu?.numa?.cells;
  const pieces = [
    ...(cells ? cells.map(cell => cellPiece(cell, input)) : [boardPiece(input)]),
    ...devicesOf(input.def, 'memory').map(module => modulePiece(module, input)),
  ];
  return [...new Set(pieces.flatMap(piece => (piece.sizeKiB === 0n ? [] : (folderOfPiece(piece, input) ?? []))))];
}
