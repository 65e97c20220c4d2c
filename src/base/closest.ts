/**
 * The candidate that a person most likely meant, undefined when none is near: one that differs in case only, is at most
 * two typing errors away (one for words of up to four letters), or starts with the word.
 */
export function closestTo(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const same = candidates.find(candidate => candidate.toLowerCase() === lower);
  if (same !== undefined) return same;
  const limit = word.length <= 4 ? 1 : 2;
  const ranked = candidates
    .map(candidate => ({candidate, distance: editDistance(word, candidate)}))
    .filter(({distance}) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? (word.length >= 3 ? candidates.find(one => one.startsWith(word)) : undefined);
}

/** How many letters have to be inserted, removed, replaced or swapped with their neighbour to make `b` of `a`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
