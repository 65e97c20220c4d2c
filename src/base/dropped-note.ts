import {formatKiB} from './format-units.ts';

/** What stands where a guest's output is missing, e.g. `… 12 MiB dropped here …`; without UTF-8 with dots. */
export function droppedNote(bytes: number, isUnicode = true): string {
  const dots = isUnicode ? '…' : '...';
  const amount = bytes < 1024 ? `${bytes} bytes` : formatKiB(BigInt(Math.round(bytes / 1024)));
  return `${dots} ${amount} dropped here ${dots}`;
}
