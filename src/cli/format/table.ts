import {displayWidth, padToWidth} from './display-width.ts';

/** A table's heading; a quiet table has none. */
export interface TableOptions {
  readonly quiet?: boolean;
}

/**
 * A table as virsh prints it: a space before the first column, three between columns, none after the last, and a line
 * of dashes under the heading that ends two columns after the longest row's place.
 * Source: seen with virsh of libvirt 9.0.0 (`list`, `list --title`, with wide characters, and with `-q`).
 *
 * @param rows  cells of safe text, as many as the heading has
 * @returns lines, each ended by a newline
 */
export function formatTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const shown = options.quiet ? rows : [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(0, ...shown.map(row => displayWidth(row[column] ?? ''))));
  const lines = shown.map(row => formatRow(row, widths));
  const dashes = widths.reduce((sum, width) => sum + width + 3, 0);
  if (!options.quiet) lines.splice(1, 0, '-'.repeat(dashes));
  return lines.map(line => `${line}\n`).join('');
}

function formatRow(cells: readonly string[], widths: readonly number[]): string {
  const last = widths.length - 1;
  return ` ${widths.map((width, column) => (column === last ? (cells[column] ?? '') : padToWidth(cells[column] ?? '', width))).join('   ')}`;
}

/**
 * Lines of a name and a value, as `virsh dominfo` and `virsh nodeinfo` print them.
 *
 * @param nameColumns  how wide the names are padded, the space before the value not counted
 */
export function formatFields(fields: readonly (readonly [name: string, value: string])[], nameColumns: number): string {
  return fields.map(([name, value]) => `${`${name}:`.padEnd(nameColumns)} ${value}\n`).join('');
}
