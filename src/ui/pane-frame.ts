import {displayWidth, padEnd, truncate} from './text-width.ts';
import type {Role, Theme} from './theme.ts';

/** What stands on the edge of a pane. */
export interface PaneEdge {
  /** Plain text. */
  readonly title: string;
  /** On the right of the title, such as a count or how to leave; plain text. */
  readonly note?: string;
  readonly isFocused: boolean;
  /** What colours the edge of a focused pane; default `accent`. */
  readonly role?: Role;
  /** `rule`: a line with the title above, no sides, for screens where every column counts. */
  readonly frame: 'box' | 'rule';
  /** Of the whole pane, edges included. */
  readonly columns: number;
  readonly rows: number;
}

/** Columns and rows inside the edge. */
export function innerSize(edge: Pick<PaneEdge, 'frame' | 'columns' | 'rows'>): {columns: number; rows: number} {
  const sides = edge.frame === 'box' ? 2 : 0;
  return {columns: Math.max(0, edge.columns - sides), rows: Math.max(0, edge.rows - 1 - (sides > 0 ? 1 : 0))};
}

/** The line above: `┏━ Console web ━━━━━━━ Ctrl-] leaves ━┓`. */
export function topEdge(edge: PaneEdge, theme: Theme): string {
  const [left = '', line = '', right = ''] = signs(edge, theme);
  const corners = edge.frame === 'box';
  const room = edge.columns - (corners ? 2 : 0);
  const title = ` ${truncate(edge.title, room - 4, theme.glyphs.ellipsis)} `;
  const noteRoom = room - displayWidth(title) - 5;
  const note = edge.note && noteRoom > 3 ? ` ${truncate(edge.note, noteRoom, theme.glyphs.ellipsis)} ` : '';
  const fill = Math.max(0, room - 1 - displayWidth(title) - displayWidth(note) - (note === '' ? 0 : 1));
  const paint = edgePainter(edge, theme);
  const painted = theme.paint(edge.isFocused ? 'strong' : 'text', title);
  const noted = note === '' ? '' : theme.paint(edge.isFocused ? (edge.role ?? 'text') : 'muted', note);
  return [
    paint((corners ? left : '') + line),
    painted,
    paint(line.repeat(fill)),
    noted,
    paint((note === '' ? '' : line) + (corners ? right : '')),
  ].join('');
}

/** The line below; empty for a rule. */
export function bottomEdge(edge: PaneEdge, theme: Theme): string {
  if (edge.frame === 'rule') return '';
  const [, line = '', , , left = '', right = ''] = signs(edge, theme);
  return edgePainter(edge, theme)(left + line.repeat(Math.max(0, edge.columns - 2)) + right);
}

/** One side of a row; empty for a rule. */
export function sideEdge(edge: PaneEdge, theme: Theme): string {
  return edge.frame === 'rule' ? '' : edgePainter(edge, theme)(signs(edge, theme)[3] ?? '');
}

/** The rows of a whole pane: its edge around `lines`, cut and filled to its size. Lines may be coloured and must not be too wide. */
export function framePane(edge: PaneEdge, lines: readonly string[], theme: Theme): readonly string[] {
  const inner = innerSize(edge);
  const side = sideEdge(edge, theme);
  const rows = Array.from({length: inner.rows}, (_, at) => side + padEnd(lines[at] ?? '', inner.columns) + side);
  const bottom = bottomEdge(edge, theme);
  return [topEdge(edge, theme), ...rows, ...(bottom === '' ? [] : [bottom])];
}

function signs(edge: PaneEdge, theme: Theme): string[] {
  return [...(edge.isFocused ? theme.glyphs.focusBorder : theme.glyphs.border)];
}

function edgePainter(edge: PaneEdge, theme: Theme): (text: string) => string {
  const role: Role = edge.isFocused ? (edge.role ?? 'accent') : 'muted';
  return text => theme.paint(role, text);
}
