/** One line of a comparison; `removed` is in the old text only, `added` in the new one only. */
export interface DiffLine {
  readonly is: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Above this many cells the middle is not compared: it is shown as removed and added as a whole. */
const MAX_CELLS = 4_000_000;

/**
 * Compares two texts line by line by their longest common subsequence.
 *
 * The lines that are `same` or `removed` are the old text, those that are `same` or `added` the new one. Where the
 * differing middles are longer than about 2,000 lines each, they are not compared: bounded time and memory.
 *
 * @returns all lines, in order; of a change the removed ones come first
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [
    ...before.slice(0, head).map(line('same')),
    ...diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(line('same')),
  ];
}

/** True when a comparison found no difference. */
export function isUnchanged(diff: readonly DiffLine[]): boolean {
  return diff.every(({is}) => is === 'same');
}

function line(is: DiffLine['is']): (text: string) => DiffLine {
  return text => ({is, text});
}

function diffMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  if (before.length * after.length > MAX_CELLS) return [...before.map(line('removed')), ...after.map(line('added'))];
  const width = after.length + 1;
  const common = commonLengths(before, after);
  const out: DiffLine[] = [];
  let b = 0;
  let a = 0;
  while (b < before.length || a < after.length) {
    const old = before[b];
    const young = after[a];
    if (old !== undefined && old === young) {
      out.push({is: 'same', text: old});
      b++;
      a++;
    } else if (
      old !== undefined &&
      (young === undefined || at(common, b + 1, a, width) >= at(common, b, a + 1, width))
    ) {
      out.push({is: 'removed', text: old});
      b++;
    } else if (young !== undefined) {
      out.push({is: 'added', text: young});
      a++;
    }
  }
  return out;
}

/** In row `b`, column `a`: how long the common subsequence of what follows there is; one row and column more than lines. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      lengths[b * width + a] =
        before[b] === after[a]
          ? at(lengths, b + 1, a + 1, width) + 1
          : Math.max(at(lengths, b + 1, a, width), at(lengths, b, a + 1, width));
    }
  }
  return lengths;
}

function at(lengths: Uint32Array, row: number, column: number, width: number): number {
  return lengths[row * width + column] ?? 0;
}
