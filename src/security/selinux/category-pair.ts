import {VirtError} from '../../base/virt-error.ts';
import type {MlsRange} from './context.ts';

/** A whole number from 0 up to, and without, `below`. */
export type RandomBelow = (below: number) => number;

/** So often chance is asked before every pair is looked at. */
const TRIES = 64;

/**
 * A level with two categories that no other guest has: `s0:c34,c44`. Two that are the same would be one, and the files of such
 * a guest would be open to every guest that has it in its pair.
 *
 * @param isTaken  asked for the categories, `c34,c44`, the lower one first
 * @throws {VirtError} OPERATION_FAILED when the range has no pair left
 * @see libvirt 9.0.0, src/security/security_selinux.c, virSecuritySELinuxMCSFind
 */
export function chooseLevel(range: MlsRange, isTaken: (categories: string) => boolean, random: RandomBelow): string {
  const {sensitivity, categories} = range;
  const free = randomPair(categories, isTaken, random) ?? firstPair(categories, isTaken);
  if (free !== undefined) return `${sensitivity}:${free}`;
  const pairs = (categories.length * (categories.length - 1)) / 2;
  throw new VirtError(
    'OPERATION_FAILED',
    'SECURITY',
    `no pair of SELinux categories is free: the driver has ${categories.length} categories, and all ${pairs} pairs of them are in use`,
    {hint: 'end guests, or run the driver with a wider range of categories, e.g. s0-s0:c0.c1023'},
  );
}

function randomPair(
  categories: readonly number[],
  isTaken: (categories: string) => boolean,
  random: RandomBelow,
): string | undefined {
  for (let tries = 0; tries < TRIES && categories.length > 1; tries++) {
    const first = random(categories.length);
    const other = (first + 1 + random(categories.length - 1)) % categories.length;
    const pair = pairOf(categories, Math.min(first, other), Math.max(first, other));
    if (!isTaken(pair)) return pair;
  }
  return undefined;
}

function firstPair(categories: readonly number[], isTaken: (categories: string) => boolean): string | undefined {
  for (let high = 1; high < categories.length; high++) {
    for (let low = 0; low < high; low++) {
      const pair = pairOf(categories, low, high);
      if (!isTaken(pair)) return pair;
    }
  }
  return undefined;
}

function pairOf(categories: readonly number[], low: number, high: number): string {
  return `c${categories[low]},c${categories[high]}`;
}
