import type {NumaCell} from '../../../model/domain/cpu.ts';
import {formatNodeSet, parseNodeSet} from '../../../model/fields/node-set.ts';
import {guarded} from '../guarded.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import {parseOption} from '../parse-option.ts';
import {takeBackedMemory} from './backed-memory.ts';
import {type HmatEntry, readHmat} from './hmat.ts';
import {parseMemoryKiB} from './memory.ts';
import {isPlainMemory} from './memory-backend.ts';

/** `-numa`, once every object is known: all cells, or none where the XML cannot say one of them. */
export function readNuma(draft: NativeDraft): void {
  const {numaArgs} = draft;
  const read = numaArgs.map(arg =>
    guarded(arg, draft, () => readCell(arg, draft) ?? readDistance(arg) ?? readHmat(arg)),
  );
  if (read.length === 0) return;
  if (!read.every(each => each !== undefined) || !draft.numaCells.every(({memdev}) => isKnown(memdev, draft))) {
    for (const arg of numaArgs) draft.keep(arg);
    draft.numaCells.length = 0;
    return;
  }
  const cells = read.flatMap((each): readonly NumaCell[] => (each?.is === 'cell' ? [completed(each.cell, read)] : []));
  const latencies = read.flatMap(each => (each?.is === 'latency' ? [each.latency] : []));
  const bandwidths = read.flatMap(each => (each?.is === 'bandwidth' ? [each.bandwidth] : []));
  const interconnects = omitUndefined({latencies: orNothing(latencies), bandwidths: orNothing(bandwidths)});
  const numa = {cells, ...(Object.keys(interconnects).length > 0 ? {interconnects} : {})};
  draft.sections.cpu = {...draft.sections.cpu, numa};
}

function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

type Read =
  | HmatEntry
  | {readonly is: 'cell'; readonly cell: NumaCell}
  | {readonly is: 'distance'; readonly from: number; readonly to: number; readonly value: number};

function isKnown(memdev: string | undefined, draft: NativeDraft): boolean {
  return memdev === undefined || isPlainMemory(memdev, draft);
}

function readCell(arg: NativeArg, draft: NativeDraft): Read | undefined {
  const bag = parseOption(arg.value, 'type');
  if (bag.take('type') !== 'node') return undefined;
  const id = bag.takeNumber('nodeid') ?? draft.numaCells.length;
  const ranges = bag.takeAll('cpus');
  const cpus = ranges.length > 0 ? parseNodeSet(ranges.join(',')) : [];
  const memdev = bag.take('memdev');
  const object = draft.objects.get(memdev ?? '');
  const memory = object && takeBackedMemory(object.backend, draft);
  const memoryKiB = memory?.sizeKiB ?? parseMemoryKiB(bag.take('mem') ?? '');
  // Which cell reaches this one best follows from what is said of the ways between them.
  bag.drop('initiator');
  draft.numaCells.push({id, memdev});
  if (bag.rest.length > 0 || cpus === undefined || (memoryKiB === undefined && memdev !== undefined)) return undefined;
  const cell = omitUndefined({
    cpus: cpus.length > 0 ? formatNodeSet(cpus) : undefined,
    memAccess: memory?.access,
    discard: memory?.discard,
  });
  return {is: 'cell', cell: {id, ...cell, memoryKiB: memoryKiB ?? 0n}};
}

function readDistance(arg: NativeArg): Read | undefined {
  const bag = parseOption(arg.value, 'type');
  const [from, to, value] = [bag.takeNumber('src'), bag.takeNumber('dst'), bag.takeNumber('val')];
  if (bag.take('type') !== 'dist' || from === undefined || to === undefined || value === undefined) return undefined;
  return bag.rest.length > 0 ? undefined : {is: 'distance', from, to, value};
}

/** A cell with its distances and caches. */
function completed(cell: NumaCell, read: readonly (Read | undefined)[]): NumaCell {
  const distances = read.flatMap(each =>
    each?.is === 'distance' && each.from === cell.id ? [{id: each.to, value: each.value}] : [],
  );
  const caches = read.flatMap(each => (each?.is === 'cache' && each.cell === cell.id ? [each.cache] : []));
  return {...cell, ...omitUndefined({distances: orNothing(distances), caches: orNothing(caches)})};
}
