/**
 * The newest readings as a row of bars, one column each, newest on the right.
 *
 * @param ratios  1 is a full bar; higher readings make the highest of them the full bar
 * @param bars  signs from the lowest to the highest
 */
export function sparkline(ratios: readonly number[], columns: number, bars: string): string {
  const signs = [...bars];
  const shown = columns <= 0 ? [] : ratios.slice(-columns);
  const full = Math.max(1, ...shown);
  return shown.map(ratio => signs[Math.round((Math.max(0, ratio) / full) * (signs.length - 1))] ?? '').join('');
}
