import {displayWidth, fit, padEnd, truncate, wrap} from '../../ui/text-width.ts';
import type {Theme} from '../../ui/theme.ts';
import {firstShown} from '../domains/rows.ts';
import type {TreeNode} from './tree-node.ts';

export interface TreeSize {
  readonly columns: number;
  readonly rows: number;
}

/** The part of a tree that there is room for, around the cursor. */
export interface TreeWindow {
  readonly lines: readonly string[];
  /** Index of the node that the cursor is on. */
  readonly at: number;
}

export interface TreeLook {
  readonly theme: Theme;
  /** Whether the line of the cursor is marked. */
  readonly isFocused: boolean;
}

/** Draws the part of a tree that is in view and nothing else: the whole may have ten thousand lines. */
export class TreeDrawer {
  #nodes: readonly TreeNode[] = [];
  #columns = 0;
  /** The row at which each node begins, and how many there are; kept until nodes or columns change. */
  #starts: readonly number[] = [];
  #total = 0;
  #places: ReadonlyMap<string, number> = new Map();

  draw(nodes: readonly TreeNode[], cursor: string | undefined, size: TreeSize, look: TreeLook): TreeWindow {
    if (nodes !== this.#nodes || size.columns !== this.#columns) this.#measure(nodes, size.columns);
    const at = (cursor === undefined ? undefined : this.#places.get(cursor)) ?? 0;
    const first = firstShown(this.#starts[at] ?? 0, this.#total, size.rows);
    const lines: string[] = [];
    for (let index = firstNode(this.#starts, first); index < nodes.length && lines.length < size.rows; index++) {
      const node = nodes[index];
      if (!node) break;
      const drawn = nodeLines(node, size.columns, look.theme, look.isFocused && index === at);
      lines.push(...drawn.slice(Math.max(0, first - (this.#starts[index] ?? 0))));
    }
    return {lines: lines.slice(0, size.rows), at};
  }

  #measure(nodes: readonly TreeNode[], columns: number): void {
    const starts: number[] = [];
    let total = 0;
    for (const node of nodes) {
      starts.push(total);
      total += isWrapped(node, columns) ? valueLines(node, columns).length : 1;
    }
    this.#nodes = nodes;
    this.#columns = columns;
    this.#starts = starts;
    this.#total = total;
    this.#places = new Map(nodes.map(({id}, place) => [id, place]));
  }
}

/** The node that the cursor is on; the first where it is nowhere. */
export function cursorIndex(nodes: readonly TreeNode[], cursor: string | undefined): number {
  return cursor === undefined
    ? 0
    : Math.max(
        0,
        nodes.findIndex(({id}) => id === cursor),
      );
}

/** The last node that begins at or above a row. */
function firstNode(starts: readonly number[], row: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Columns before the label: the pane's edge, the depth, the sign and a space. */
function indentOf({depth}: TreeNode): number {
  return 1 + 2 * depth + 2;
}

const GAP = 2;

/** Where the value begins; on a narrow screen a long label leaves it less room, but some. */
function valueColumn(node: TreeNode, columns: number): number {
  const label = Math.max(node.labelColumns, displayWidth(node.entry.label));
  return Math.min(indentOf(node) + label + GAP, Math.max(indentOf(node) + 8, Math.floor(columns * 0.6)));
}

/** A pane beside others is for a look: there everything takes one line. */
const MIN_WRAP_COLUMNS = 60;

function isWrapped({entry}: TreeNode, columns: number): boolean {
  return entry.wraps === true && columns >= MIN_WRAP_COLUMNS;
}

function valueLines(node: TreeNode, columns: number): readonly string[] {
  const room = Math.max(10, columns - valueColumn(node, columns) - 1);
  return wrap(node.entry.value ?? '', room);
}

/** As many of a value's columns, two blanks apart, as there is room for; the first one is cut where even that is too wide. */
function wholeColumns(value: string, room: number, ellipsis: string): string {
  if (displayWidth(value) <= room) return value;
  const ends = [...value.matchAll(/\s{2,}/g)].map(({index}) => value.slice(0, index));
  return ends.findLast(part => displayWidth(part) <= room) ?? truncate(value, room, ellipsis);
}

function nodeLines(node: TreeNode, columns: number, theme: Theme, isMarked: boolean): readonly string[] {
  const {entry} = node;
  const {glyphs} = theme;
  const start = valueColumn(node, columns);
  const sign = entry.children ? (node.isOpen ? glyphs.unfolded : glyphs.folded) : ' ';
  const head = `${' '.repeat(indentOf(node) - 2)}${sign} `;
  const hasValue = entry.value !== undefined && entry.value !== '';
  const room = hasValue ? start - indentOf(node) - GAP : columns - indentOf(node) - 1;
  const label = truncate(entry.label, Math.max(1, room), glyphs.ellipsis);
  const values = !hasValue
    ? ['']
    : isWrapped(node, columns)
      ? valueLines(node, columns)
      : [wholeColumns(entry.value ?? '', Math.max(1, columns - start - 1), glyphs.ellipsis)];
  return values.map((value, line) => {
    if (isMarked) {
      const plain =
        line === 0
          ? value === ''
            ? `${head}${label}`
            : fit(`${head}${label}`, start) + value
          : ' '.repeat(start) + value;
      return theme.paint('selection', fit(plain, columns));
    }
    const painted = line === 0 ? head + theme.paint(entry.labelRole ?? 'text', label) : '';
    return (value === '' ? painted : padEnd(painted, start)) + theme.paint(entry.role ?? 'text', value);
  });
}
