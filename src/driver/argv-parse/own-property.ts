/** The value of a word in a table; undefined for one that the table does not have, `constructor` and the like among them. */
export function ownProperty<T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}
