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

function textOf(buffer: IBuffer, from: number, to: number): string {
  const lines = writtenLines(buffer, from, to).map(({text}) => sanitiseUntrusted(text).trimEnd());
  const last = lines.findLastIndex(text => text !== '');
  return lines
    .slice(0, last + 1)
    .map(text => `${text}\n`)
    .join('');
}
