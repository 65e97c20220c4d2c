import type {CpuDef} from '../../../model/domain/cpu.ts';
import {formatNodeSet, parseNodeSet} from '../../../model/fields/node-set.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';
import {takeBackedMemory} from './backed-memory.ts';
import {parseMemoryKiB} from './memory.ts';
import {isPlainMemory} from './memory-backend.ts';

type Cell = NonNullable<NonNullable<CpuDef['numa']>['cells']>[number];

/** `-numa`, once every object is known: all cells, or none where the XML cannot say one of them. */
export function readNuma(draft: NativeDraft): void {
  const {numaArgs} = draft;
  const read = numaArgs.map(arg => readCell(arg, draft) ?? readDistance(arg));
  if (read.length === 0) return;
  if (!read.every(each => each !== undefined) || !draft.numaCells.every(({memdev}) => isKnown(memdev, draft))) {
    for (const arg of numaArgs) draft.keep(arg);
    draft.numaCells.length = 0;
    return;
  }
  const distances = read.filter(each => each?.is === 'distance');
  const cells = read.flatMap((each): readonly Cell[] =>
    each?.is === 'cell' ? [withDistances(each.cell, distances)] : [],
  );
  draft.sections.cpu = {...draft.sections.cpu, numa: {cells}};
}

type Read =
  | {readonly is: 'cell'; readonly cell: Cell}
  | {readonly is: 'distance'; readonly from: number; readonly to: number; readonly value: number};

function isKnown(memdev: string | undefined, draft: NativeDraft): boolean {
  return memdev === undefined || isPlainMemory(memdev, draft);
}

function readCell(arg: NativeArg, draft: NativeDraft): Read | undefined {
  const bag = parseOption(arg.value, 'type');
  if (bag.take('type') !== 'node') return undefined;
  const id = bag.takeNumber('nodeid') ?? draft.numaCells.length;
  const cpus = bag.takeAll('cpus').flatMap(range => parseNodeSet(range) ?? []);
  const memdev = bag.take('memdev');
  const object = draft.objects.get(memdev ?? '');
  const memory = object && takeBackedMemory(object.backend, draft);
  const memoryKiB = memory?.sizeKiB ?? parseMemoryKiB(bag.take('mem') ?? '');
  // Which cell reaches this one best follows from what is said of the ways between them.
  bag.drop('initiator');
  draft.numaCells.push({id, memdev});
  if (bag.rest.length > 0 || (memoryKiB === undefined && memdev !== undefined)) return undefined;
  const sorted = [...new Set(cpus)].toSorted((a, b) => a - b);
  const cell = omitUndefined({cpus: sorted.length > 0 ? formatNodeSet(sorted) : undefined});
  return {is: 'cell', cell: {id, ...cell, memoryKiB: memoryKiB ?? 0n}};
}

function readDistance(arg: NativeArg): Read | undefined {
  const bag = parseOption(arg.value, 'type');
  const [from, to, value] = [bag.takeNumber('src'), bag.takeNumber('dst'), bag.takeNumber('val')];
  if (bag.take('type') !== 'dist' || from === undefined || to === undefined || value === undefined) return undefined;
  return bag.rest.length > 0 ? undefined : {is: 'distance', from, to, value};
}

function withDistances(cell: Cell, read: readonly (Read | undefined)[]): Cell {
  const distances = read.flatMap(each =>
    each?.is === 'distance' && each.from === cell.id ? [{id: each.to, value: each.value}] : [],
  );
  return distances.length > 0 ? {...cell, distances} : cell;
}
