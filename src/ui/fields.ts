import {wrap} from './text-width.ts';
import type {Role, Theme} from './theme.ts';

/** A named fact. */
export interface Field {
  readonly label: string;
  /** Plain text, sanitised; wrapped where it is too long. */
  readonly value: string;
  readonly role?: Role;
}

/**
 * Facts one below the other, the values in one column.
 *
 * @param labelColumns  of the labels and the gap behind them; default is what these labels need
 */
export function fieldRows(
  fields: readonly Field[],
  columns: number,
  theme: Theme,
  labelColumns = Math.max(0, ...fields.map(field => field.label.length)) + 2,
): string[] {
  return fields.flatMap(({label, value, role}) =>
    wrap(value, Math.max(10, columns - labelColumns - 1)).map((part, at) => {
      const head = at === 0 ? label.padEnd(labelColumns) : ' '.repeat(labelColumns);
      return ` ${theme.paint('muted', head)}${theme.paint(role ?? 'text', part)}`;
    }),
  );
}

/** A heading inside a pane. */
export function headingRow(text: string, theme: Theme): string {
  return ` ${theme.paint('strong', text)}`;
}

/** A paragraph, wrapped and indented by one column. */
export function textRows(text: string, columns: number, theme: Theme, role: Role = 'text'): string[] {
  return wrap(text, Math.max(10, columns - 2)).map(line => ` ${theme.paint(role, line)}`);
}

/** The part of `lines` that is in view when `scroll` lines are above it; at the end of the text nothing scrolls on. */
export function scrolled(lines: readonly string[], scroll: number, rows: number): readonly string[] {
  const first = Math.max(0, Math.min(scroll, lines.length - rows));
  return lines.slice(first, first + rows);
}
