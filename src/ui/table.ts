import {fit} from './text-width.ts';
import type {Role, Theme} from './theme.ts';

/** A column of a table. Columns of the highest priority number are the first to go where there is no room. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly width: number;
  /** Share of the room that is left over; a column with it may grow up to `max`. */
  readonly grow?: number;
  readonly max?: number;
  readonly priority: number;
  /** Columns between it and the next one; default 2. */
  readonly gap?: number;
}

export interface Cell {
  readonly text: string;
  readonly role?: Role;
}

export interface PlacedColumn extends Column {
  readonly columns: number;
}

const GAP = 2;

/** Chooses the columns that fit into `width` and gives each its columns on the screen. */
export function placeColumns(columns: readonly Column[], width: number): readonly PlacedColumn[] {
  let kept = [...columns];
  while (kept.length > 1 && tableWidth(kept) > width) {
    const last = Math.max(...kept.map(column => column.priority));
    kept = kept.filter(column => column.priority !== last);
  }
  let room = Math.max(0, width - tableWidth(kept));
  const placed = kept.map(column => ({...column, columns: column.width}));
  for (;;) {
    const growing = placed.filter(column => column.grow && column.columns < (column.max ?? Number.POSITIVE_INFINITY));
    const shares = growing.reduce((sum, column) => sum + (column.grow ?? 0), 0);
    if (room <= 0 || growing.length === 0) return placed;
    const before = room;
    for (const column of growing) {
      const limit = (column.max ?? Number.POSITIVE_INFINITY) - column.columns;
      const share = Math.min(room, limit, Math.max(1, Math.floor((before * (column.grow ?? 0)) / shares)));
      column.columns += share;
      room -= share;
    }
  }
}

function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column, at) => sum + column.width + gapAfter(columns, at), 0);
}

function gapAfter(columns: readonly Column[], at: number): number {
  return at === columns.length - 1 ? 0 : (columns[at]?.gap ?? GAP);
}

/** The line of titles, exactly `width` columns. */
export function headerRow(columns: readonly PlacedColumn[], width: number, theme: Theme): string {
  const titles = columns.map(
    (column, at) =>
      fit(column.title, column.columns, column.align, theme.glyphs.ellipsis) + ' '.repeat(gapAfter(columns, at)),
  );
  return theme.paint('muted', fit(titles.join(''), width));
}

/** One line of the table, exactly `width` columns; a selected line is painted as a whole, without the cells' colours. */
export function tableRow(
  columns: readonly PlacedColumn[],
  cells: Readonly<Record<string, Cell>>,
  options: {readonly width: number; readonly isSelected: boolean; readonly theme: Theme},
): string {
  const {theme, width, isSelected} = options;
  let used = 0;
  const parts = columns.map((column, at) => {
    const cell = cells[column.id] ?? {text: ''};
    const columnsHere = Math.min(column.columns, Math.max(0, width - used));
    const gap = gapAfter(columns, at);
    used += columnsHere + gap;
    const text = fit(cell.text, columnsHere, column.align, theme.glyphs.ellipsis);
    return (isSelected || !cell.role ? text : theme.paint(cell.role, text)) + ' '.repeat(gap);
  });
  const line = parts.join('') + ' '.repeat(Math.max(0, width - used));
  return isSelected ? theme.paint('selection', line) : line;
}
