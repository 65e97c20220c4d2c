const PLAIN = /^[^\s'"\\]+$/;

/** A word as `splitNative` reads it back: as it stands where nothing in it would be misread, else in quotes. */
export function quoteNative(word: string): string {
  if (PLAIN.test(word)) return word;
  // A backslash before a line end would vanish, also in quotes: the quotes end between the two.
  const inner = word.replaceAll("'", `'"'"'`).replaceAll(/\\(?=\r?\n)/g, `\\''`);
  return `'${inner}'`;
}
