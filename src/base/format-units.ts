const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `512 KiB`, `64 MiB`, `1.5 GiB`: three digits at most, one decimal only where it says something. */
export function formatKiB(kib: bigint): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = Number(kib);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const rounded =
    value < 10 && !Number.isInteger(value) ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
  return `${rounded} ${units[unit]}`;
}

/**
 * A time span, the coarser the longer: `12s`, `3m`, `2h 5m`, `4d 3h`. Seconds are shown in the first minute only,
 * so that a screen with nothing new stays as it is for a minute.
 *
 * @param ms  a negative span (a clock that was set back) counts as none
 */
export function formatSpan(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))}s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}m`;
  if (ms < DAY_MS) return twoUnits(ms, HOUR_MS, 'h', MINUTE_MS, 'm');
  return ms < 100 * DAY_MS ? twoUnits(ms, DAY_MS, 'd', HOUR_MS, 'h') : `${Math.floor(ms / DAY_MS)}d`;
}

function twoUnits(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  return rest === 0 ? `${Math.floor(ms / bigMs)}${big}` : `${Math.floor(ms / bigMs)}${big} ${rest}${small}`;
}

/** `37%`, without decimals. @param ratio  1 is 100 % */
export function formatPercent(ratio: number): string {
  return `${Math.round(ratio * 100)}%`;
}
