/**
 * The newest readings as a row of bars, one column each, newest on the right. It always takes the whole row, so that
 * readings that stay the same leave it as it is; without any reading there is none.
 *
 * @param ratios  1 is a full bar; higher readings make the highest of them the full bar
 * @param bars  signs from the lowest to the highest
 */
export function sparkline(ratios: readonly number[], columns: number, bars: string): string {
  const signs = [...bars];
  if (columns <= 0 || ratios.length === 0) return '';
  const shown = ratios.slice(-columns);
  const full = Math.max(1, ...shown);
  const row = shown.map(ratio => signs[Math.round((Math.max(0, ratio) / full) * (signs.length - 1))]).join('');
  return row.padStart(columns, signs[0]);
}
