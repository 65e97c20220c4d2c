import type {HostTree} from '../../host/host-tree.ts';
import type {CacheBank, CacheType, HostProcessor} from '../../model/host-detail.ts';
import {parseCpuList} from './cpu-topology.ts';
import {dividedLevels, readCacheControls} from './resource-control.ts';

const CPUS = '/sys/devices/system/cpu';

/** Only the caches that processors share are worth knowing, unless a smaller one can be divided. */
const MIN_LEVEL = 3;

const TYPES: Readonly<Record<string, CacheType>> = {Unified: 'both', Instruction: 'code', Data: 'data'};

/**
 * The caches that guests share, by level, type and id.
 *
 * @see libvirt 9.0.0, src/conf/capabilities.c, virCapabilitiesInitCaches
 */
export function readCacheBanks(tree: HostTree, processors: readonly HostProcessor[]): readonly CacheBank[] {
  const banks = new Map<string, CacheBank>();
  const covered = new Set<number>();
  const smaller = dividedLevels(tree).some(level => level < MIN_LEVEL);
  for (const {id} of processors) {
    if (covered.has(id)) continue;
    for (const bank of banksOf(tree, id)) {
      banks.set(`${bank.level} ${bank.type} ${bank.id}`, bank);
      // Its other processors would tell the same, but for smaller caches of their own.
      if (bank.level >= MIN_LEVEL && !smaller) for (const other of bank.processors) covered.add(other);
    }
  }
  return [...banks.values()].sort((a, b) => a.level - b.level || orderOf(a.type) - orderOf(b.type) || a.id - b.id);
}

function banksOf(tree: HostTree, processor: number): readonly CacheBank[] {
  const folder = `${CPUS}/cpu${processor}/cache`;
  return tree
    .names(folder)
    .filter(name => /^index\d+$/.test(name))
    .flatMap(name => readBank(tree, `${folder}/${name}`) ?? []);
}

/** Undefined for a cache that is not told of, or is not whole, as on machines whose firmware does not describe it. */
function readBank(tree: HostTree, folder: string): CacheBank | undefined {
  const text = (name: string) => tree.text(`${folder}/${name}`)?.trim();
  const level = Number(text('level') || Number.NaN);
  const type = TYPES[text('type') ?? ''];
  const sizeBytes = parseSize(text('size'));
  if (!Number.isInteger(level) || type === undefined || sizeBytes === undefined) return undefined;
  const controls = readCacheControls(tree, level, sizeBytes).filter(
    control => type === 'both' || control.type === type,
  );
  if (level < MIN_LEVEL && controls.length === 0) return undefined;
  const id = Number(text('id') || Number.NaN);
  const processors = parseCpuList(text('shared_cpu_list'));
  if (!Number.isInteger(id) || processors.length === 0) return undefined;
  return {id, level, type, sizeBytes, processors, controls};
}

/** `491520K`. */
function parseSize(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit);
}

function orderOf(type: CacheType): number {
  return ['both', 'code', 'data'].indexOf(type);
}
