import {formatNodeSet} from '../../../model/fields/node-set.ts';
import type {NativeDraft} from '../native-draft.ts';
import {type BackedMemory, claimThreads, takeBackedMemory} from './backed-memory.ts';
import {setBacking} from './machine.ts';

/** Memory of the board, or of one NUMA cell. */
interface Piece {
  /** The number of the cell; undefined for the board. */
  readonly cell: number | undefined;
  readonly memory: BackedMemory;
}

/** Reads the objects that the board's memory and that of the NUMA cells is in. */
export function readMemoryBackends(draft: NativeDraft): void {
  const board = claimBoard(draft);
  const cells = draft.numaCells.flatMap(({id, memdev}): readonly Piece[] => {
    const memory = claim(memdev, draft);
    return memory ? [{cell: id, memory}] : [];
  });
  const pieces = [...(board ? [{cell: undefined, memory: board}] : []), ...cells];
  if (pieces.length === 0) return;
  setHugepages(pieces, draft);
  setSource(pieces, draft);
  setNodes(pieces, draft);
}

/** Whether memory can be said by the XML; an object that says more is kept, and what names it. */
export function isPlainMemory(id: string, draft: NativeDraft): boolean {
  const object = draft.objects.get(id);
  const memory = object && takeBackedMemory(object.backend, draft);
  return memory?.isWhole === true && memory.pmem !== true;
}

function claim(id: string | undefined, draft: NativeDraft): BackedMemory | undefined {
  const object = draft.objects.get(id ?? '');
  if (!object) return undefined;
  object.used = true;
  claimThreads(object.backend, draft);
  return takeBackedMemory(object.backend, draft);
}

function claimBoard(draft: NativeDraft): BackedMemory | undefined {
  const {memoryBackend} = draft;
  if (!memoryBackend) return undefined;
  if (isPlainMemory(memoryBackend.id, draft)) return claim(memoryBackend.id, draft);
  draft.keep({...memoryBackend.arg, words: ['-machine', `memory-backend=${memoryBackend.id}`]});
  return undefined;
}

/** Sizes of pages by cell; one size for all is said once. */
function setHugepages(pieces: readonly Piece[], draft: NativeDraft): void {
  const huge = pieces.filter(({memory}) => memory.isHuge);
  if (huge.length === 0) return;
  const sizes = new Map<bigint, number[]>();
  for (const {cell, memory} of huge) {
    if (memory.pagesizeKiB === undefined) continue;
    sizes.set(memory.pagesizeKiB, [...(sizes.get(memory.pagesizeKiB) ?? []), ...(cell === undefined ? [] : [cell])]);
  }
  const isOne = sizes.size === 1 && huge.length === pieces.length;
  const pages = [...sizes].map(([sizeKiB, cells]) => ({
    sizeKiB,
    ...(isOne || cells.length === 0 ? {} : {nodeset: formatNodeSet(cells.toSorted((a, b) => a - b))}),
  }));
  setBacking(draft, {hugepages: pages.length > 0 ? {pages} : {}});
}

/** What the kind of memory is, who sees it, and when it is there. Huge pages are there from the start. */
function setSource(pieces: readonly Piece[], draft: NativeDraft): void {
  const [first] = pieces;
  const isMemfd = pieces.some(({memory}) => memory.sourceType === 'memfd');
  // A cell that says who sees it is in a file for that alone.
  const others = pieces.filter(({memory}) => !memory.isHuge && (memory.access === undefined || pieces.length === 1));
  const isFile = others.some(({memory}) => memory.sourceType === 'file');
  if (isMemfd || isFile) setBacking(draft, {sourceType: isMemfd ? 'memfd' : 'file'});
  // Of a NUMA cell it is said there.
  const access = first?.cell === undefined ? first?.memory.access : undefined;
  if (access !== undefined) setBacking(draft, {accessMode: access});
  if (first?.cell === undefined && first?.memory.discard) setBacking(draft, {discard: true});
  const prealloc = pieces.some(({memory}) => memory.preallocated && !memory.isHuge);
  const threads = pieces.find(({memory}) => memory.threads !== undefined)?.memory.threads;
  if (prealloc || threads !== undefined) {
    setBacking(draft, {allocation: {...(prealloc ? {mode: 'immediate'} : {}), ...(threads ? {threads} : {})}});
  }
}

/** Which nodes of the host memory comes from; what is so for every piece is said once, for modules count by it. */
function setNodes(pieces: readonly Piece[], draft: NativeDraft): void {
  const placed = pieces.flatMap(({cell, memory: {nodemask, policy = 'strict'}}) =>
    nodemask === undefined ? [] : [{cell, from: {mode: policy, nodeset: nodemask}}],
  );
  const [first] = placed;
  if (!first) return;
  const isOne =
    placed.length === Math.max(draft.numaCells.length, 1) &&
    placed.every(({from}) => from.mode === first.from.mode && from.nodeset === first.from.nodeset);
  const memnodes = placed.flatMap(({cell, from}) => (cell === undefined ? [] : [{cellid: cell, ...from}]));
  draft.sections.numatune = {...draft.sections.numatune, ...(isOne ? {memory: first.from} : {memnodes})};
}
