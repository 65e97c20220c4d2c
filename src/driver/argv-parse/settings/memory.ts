import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {setBacking} from './machine.ts';

const KIB_PER_UNIT: Readonly<Record<string, bigint>> = {
  K: 1n,
  M: 1n << 10n,
  G: 1n << 20n,
  T: 1n << 30n,
  P: 1n << 40n,
};

/** So many KiB are more than 64 bits of bytes. */
const MAX_KIB = 1n << 54n;

/** `214`, `2G`, `1.5G`: KiB; MiB without a unit. Undefined for another text. */
export function parseMemoryKiB(text: string): bigint | undefined {
  const match = /^(\d{1,18})(?:\.(\d{1,6}))?([BKMGTP])?(?:i?B)?$/i.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '0', fraction, unit = 'M'] = match;
  if (unit.toUpperCase() === 'B') return inRange((BigInt(whole) + 1023n) / 1024n);
  const kib = KIB_PER_UNIT[unit.toUpperCase()] ?? 1n;
  const part = fraction === undefined ? 0n : (BigInt(fraction) * kib) / 10n ** BigInt(fraction.length);
  return inRange(BigInt(whole) * kib + part);
}

function inRange(kib: bigint): bigint | undefined {
  return kib > 0n && kib < MAX_KIB ? kib : undefined;
}

/** `-m`. */
export function readMemory(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'size');
  const size = takeMemory(arg, bag, 'size', draft);
  if (size !== undefined) draft.sections.memoryKiB = size;
  const slots = bag.takeNumber('slots');
  const maximum = bag.peek('maxmem') === undefined ? undefined : takeMemory(arg, bag, 'maxmem', draft);
  if (maximum !== undefined && slots !== undefined) draft.sections.maxMemory = {slots, sizeKiB: maximum};
  else if (maximum !== undefined)
    draft.keep({...arg, words: ['-m', `maxmem=${maximum}k`]}, '<maxMemory> needs slots, too');
  draft.keepRest(arg, bag);
}

function takeMemory(arg: NativeArg, bag: OptionBag, key: string, draft: NativeDraft): bigint | undefined {
  const text = bag.take(key);
  if (text === undefined) return undefined;
  const kib = parseMemoryKiB(text);
  if (kib === undefined)
    draft.error(arg, `'${text}' of -m is no amount of memory: write MiB, or a number with K, M, G or T`);
  return kib;
}

/** `-mem-path`: a mount of huge pages is one; another path is kept. */
export function readMemPath(arg: NativeArg, draft: NativeDraft): void {
  if (/huge(?:pages|tlbfs)/.test(arg.value)) setBacking(draft, {hugepages: {}});
  else draft.keep(arg);
}

/** `-mem-prealloc`. */
export function readMemPrealloc(_arg: NativeArg, draft: NativeDraft): void {
  setBacking(draft, {allocation: {mode: 'immediate'}});
}

/** `-overcommit` and the `-realtime` of before it. */
export function readOvercommit(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  if (bag.takeSwitch('mem-lock') ?? bag.takeSwitch('mlock')) setBacking(draft, {locked: true});
  draft.warnRest(arg, bag);
}
