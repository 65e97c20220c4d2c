/**
 * Data as JSON for other programs: two spaces a level and a newline at the end. A bigint is a number while a double
 * holds it exactly, else a string; a set is a list.
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_, inner: unknown) => plain(inner), 2)}\n`;
}

function plain(value: unknown): unknown {
  if (value instanceof Set) return [...value];
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
