import type {CpuDef, NumaCell} from '../../../model/domain/cpu.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {parseMemoryKiB} from './memory.ts';

type Interconnects = NonNullable<NonNullable<CpuDef['numa']>['interconnects']>;
type Latency = NonNullable<Interconnects['latencies']>[number];
type Bandwidth = NonNullable<Interconnects['bandwidths']>[number];
type Cache = NonNullable<NumaCell['caches']>[number];

/** What a `-numa` says of how fast memory is. */
export type HmatEntry =
  | {readonly is: 'latency'; readonly latency: Latency}
  | {readonly is: 'bandwidth'; readonly bandwidth: Bandwidth}
  | {readonly is: 'cache'; readonly cell: number; readonly cache: Cache};

const HIERARCHY: readonly string[] = ['memory', 'first-level', 'second-level', 'third-level'];

/** `-numa hmat-lb` and `hmat-cache`; undefined for another one, or one that says more. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildNumaHMATCommandLine. */
export function readHmat(arg: NativeArg): HmatEntry | undefined {
  const bag = parseOption(arg.value, 'type');
  const type = bag.take('type');
  const entry = type === 'hmat-lb' ? readLink(bag) : type === 'hmat-cache' ? readCache(bag) : undefined;
  return bag.rest.length > 0 ? undefined : entry;
}

function readLink(bag: OptionBag): HmatEntry | undefined {
  const level = HIERARCHY.indexOf(bag.take('hierarchy') ?? '');
  const [, kind, what] = /^(access|read|write)-(latency|bandwidth)$/.exec(bag.take('data-type') ?? '') ?? [];
  const type = (['access', 'read', 'write'] as const).find(word => word === kind);
  const [initiator, target] = [bag.takeNumber('initiator'), bag.takeNumber('target')];
  if (level < 0 || !type || initiator === undefined || target === undefined) return undefined;
  const between = {initiator, target, ...(level === 0 ? {} : {cache: level}), type};
  if (what === 'latency') {
    const value = bag.takeNumber('latency');
    return value === undefined ? undefined : {is: 'latency', latency: {...between, value}};
  }
  const valueKiB = parseMemoryKiB(bag.take('bandwidth') ?? '');
  return valueKiB === undefined ? undefined : {is: 'bandwidth', bandwidth: {...between, valueKiB}};
}

const ASSOCIATIVITY = {none: 'none', direct: 'direct', complex: 'full'} as const;
const POLICY = {none: 'none', 'write-back': 'writeback', 'write-through': 'writethrough'} as const;

function readCache(bag: OptionBag): HmatEntry | undefined {
  const [cell, level] = [bag.takeNumber('node-id'), bag.takeNumber('level')];
  const lineBytes = bag.takeBig('line');
  const sizeKiB = parseMemoryKiB(bag.take('size') ?? '');
  const associativity = bag.takeWord('associativity', ['none', 'direct', 'complex']);
  const policy = bag.takeWord('policy', ['none', 'write-back', 'write-through']);
  if (cell === undefined || level === undefined) return undefined;
  const cache = omitUndefined({
    level,
    associativity: associativity && ASSOCIATIVITY[associativity],
    policy: policy && POLICY[policy],
    sizeKiB,
    lineBytes,
  });
  return {is: 'cache', cell, cache};
}
