import {normalised} from './scalar.ts';

const MAX_BIT = 16383;

/**
 * A set of processors or cells: `0-3,8,^2`, printed the way libvirt does: sorted, runs joined, exclusions applied.
 *
 * @see libvirt 9.0.0, src/util/virbitmap.c, virBitmapParse and virBitmapFormat
 */
export const nodeSet = normalised(normaliseNodeSet, "a set like '0-3,8,^2'");

function normaliseNodeSet(text: string): string | undefined {
  const members = parseNodeSet(text);
  return members && members.length > 0 ? formatNodeSet(members) : undefined;
}

/** The members of a set in ascending order; undefined for a text that is no set. */
export function parseNodeSet(text: string): readonly number[] | undefined {
  const isMember = new Uint8Array(MAX_BIT + 1);
  for (const part of text.split(',')) {
    const match = /^\s*(\^)?(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[2]);
    const last = Number(match[3] ?? match[2]);
    if (last < first || last > MAX_BIT || (match[1] && match[3])) return undefined;
    isMember.fill(match[1] ? 0 : 1, first, last + 1);
  }
  const members: number[] = [];
  for (let at = isMember.indexOf(1); at >= 0; at = isMember.indexOf(1, at + 1)) members.push(at);
  return members;
}

/** @param members  ascending */
export function formatNodeSet(members: readonly number[]): string {
  const runs: string[] = [];
  for (let at = 0; at < members.length; ) {
    const first = members[at] ?? 0;
    let last = first;
    while (members[at + 1] === last + 1) {
      last++;
      at++;
    }
    at++;
    runs.push(first === last ? String(first) : `${first}-${last}`);
  }
  return runs.join(',');
}
