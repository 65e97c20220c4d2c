import type {IBuffer, Terminal} from '@xterm/headless';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {writtenLines} from './buffer-text.ts';

/** What an emulator shows now, safe to paste: its lines, each with a line end, without blank ones below the last. */
export function viewText({buffer, rows}: Pick<Terminal, 'buffer' | 'rows'>): string {
  const {active} = buffer;
  return textOf(active, active.viewportY, active.viewportY + rows);
}

/** Everything that an emulator has kept of what went by, as {@link viewText} gives it. */
export function historyText({buffer}: Pick<Terminal, 'buffer'>): string {
  return textOf(buffer.normal, 0, buffer.normal.length);
}

/** Whether an emulator has nothing to show, neither now nor further back. */
export function isBlank({buffer}: Pick<Terminal, 'buffer'>): boolean {
  const {active} = buffer;
  if (active.baseY > 0) return false;
  for (let row = 0; row < active.length; row++) {
    if (active.getLine(row)?.translateToString(true).trim() !== '') return false;
  }
  return true;
}

function textOf(buffer: IBuffer, from: number, to: number): string {
  const lines = writtenLines(buffer, from, to).map(({text}) => sanitiseUntrusted(text).trimEnd());
  const last = lines.findLastIndex(text => text !== '');
  return lines
    .slice(0, last + 1)
    .map(text => `${text}\n`)
    .join('');
}
