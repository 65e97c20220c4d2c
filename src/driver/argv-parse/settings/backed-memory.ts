import {formatNodeSet} from '../../../model/fields/node-set.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';

/** What an object of memory says, in the words of the XML. */
export interface BackedMemory {
  readonly sourceType: 'file' | 'memfd' | undefined;
  readonly sizeKiB?: bigint;
  readonly access?: 'shared' | 'private';
  readonly discard?: boolean;
  readonly preallocated: boolean;
  readonly threads?: number;
  /** Of huge pages; they may be of the host's usual size. */
  readonly isHuge: boolean;
  readonly pagesizeKiB?: bigint;
  /** Nodes of the host. */
  readonly nodemask?: string;
  readonly policy?: 'strict' | 'preferred' | 'interleave';
  /** The file or device of the host. */
  readonly path?: string;
  readonly alignsizeKiB?: bigint;
  readonly pmem?: boolean;
  /** Whether nothing of the object is left that the XML has no word for. */
  readonly isWhole: boolean;
}

const TYPES = {
  'memory-backend-ram': undefined,
  'memory-backend-file': 'file',
  'memory-backend-memfd': 'memfd',
  'memory-backend-epc': undefined,
} as const;

/** The decoder: its keys are the kinds. */
const KINDS = Object.keys(TYPES) as (keyof typeof TYPES)[];

const POLICIES = {bind: 'strict', preferred: 'preferred', interleave: 'interleave'} as const;

/** Reads `memory-backend-*` without marking it as used; undefined for another kind of object. */
export function takeBackedMemory(object: OptionBag, draft: NativeDraft): BackedMemory | undefined {
  const type = object.peek('qom-type');
  const known = KINDS.find(word => word === type);
  if (!known) return undefined;
  const bag = object.copy();
  bag.drop('qom-type', 'id', 'x-use-canonical-path-for-ramblock-id', 'reserve');
  const path = bag.take('mem-path');
  const share = bag.takeSwitch('share');
  const huge = bag.takeSwitch('hugetlb') ?? isHugePath(path ?? '');
  const context = bag.peek('prealloc-context');
  if (context !== undefined && draft.objects.get(context)?.backend.peek('qom-type') === 'thread-context') {
    // The driver makes one where memory is allocated near nodes of the host.
    bag.take('prealloc-context');
  }
  const read = {
    sourceType: TYPES[known],
    sizeKiB: kib(bag, 'size'),
    access: share === undefined ? undefined : share ? ('shared' as const) : ('private' as const),
    discard: bag.takeSwitch('discard-data') || undefined,
    preallocated: bag.takeSwitch('prealloc') ?? false,
    threads: bag.takeNumber('prealloc-threads'),
    isHuge: huge,
    pagesizeKiB: kib(bag, 'hugetlbsize') ?? pageOfPath(path ?? ''),
    nodemask: takeNodes(bag),
    policy: takePolicy(bag),
    path,
    alignsizeKiB: kib(bag, 'align'),
    pmem: bag.takeSwitch('pmem'),
  };
  return {...omitUndefined(read), sourceType: read.sourceType, isWhole: bag.rest.length === 0};
}

/** Marks the threads that an object's memory is allocated with, too. */
export function claimThreads(object: OptionBag, draft: NativeDraft): void {
  const context = draft.objects.get(object.peek('prealloc-context') ?? '');
  if (context) context.used = true;
}

/** Bytes, or a number with a unit. */
function kib(bag: OptionBag, key: string): bigint | undefined {
  const match = /^(\d{1,18})([kKmMgG]?)$/.exec(bag.peek(key) ?? '');
  if (!match) return undefined;
  const [, digits = '0', unit = ''] = match;
  const bytes = BigInt(digits) << BigInt(['', 'k', 'm', 'g'].indexOf(unit.toLowerCase()) * 10);
  if (bytes % 1024n !== 0n) return undefined;
  bag.take(key);
  return bytes / 1024n;
}

function isHugePath(path: string): boolean {
  return /huge(?:pages|tlbfs)/.test(path);
}

/** Mounts are called by the size of their pages: `/dev/hugepages1G`, `/dev/hugepages-2048kB`. */
function pageOfPath(path: string): bigint | undefined {
  const match = /huge(?:pages|tlbfs)[-_]?(\d{1,9})([kMG])/.exec(path);
  if (!match) return undefined;
  const [, digits = '0', unit = 'k'] = match;
  return BigInt(digits) << BigInt(['k', 'M', 'G'].indexOf(unit) * 10);
}

/** A list in JSON, or `0-3`. */
function takeNodes(bag: OptionBag): string | undefined {
  const members: number[] = [];
  for (const {key, value} of bag.rest) {
    if (!/^host-nodes(\.\d+)?$/.test(key)) continue;
    const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(value ?? '');
    if (!range) return undefined;
    for (let node = Number(range[1]); node <= Number(range[2] ?? range[1]); node++) members.push(node);
    bag.take(key);
  }
  const sorted = [...new Set(members)].toSorted((a, b) => a - b);
  return sorted.length === 0 ? undefined : formatNodeSet(sorted);
}

function takePolicy(bag: OptionBag): BackedMemory['policy'] {
  const word = bag.takeWord('policy', ['bind', 'preferred', 'interleave']);
  return word && POLICIES[word];
}
