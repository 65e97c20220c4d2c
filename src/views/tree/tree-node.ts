import type {Role} from '../../ui/theme.ts';

/** A line of a tree before its place is known. All text is plain and safe to show. */
export interface TreeEntry {
  /** Told apart from its siblings by it. */
  readonly key: string;
  readonly label: string;
  readonly value?: string;
  readonly labelRole?: Role;
  readonly role?: Role;
  /** A value that is shown whole, on several lines; any other is cut. */
  readonly wraps?: true;
  readonly isOpenFirst?: true;
  /** What is copied of it: the label where nothing else is said. */
  readonly copy?: string;
  /** What it is about, for a command that asks. */
  readonly emulator?: string;
  /** Made when the node is unfolded or searched; absent for one that cannot be unfolded. */
  readonly children?: () => readonly TreeEntry[];
}

/** A line of a tree. */
export interface TreeNode {
  /** The keys from the root on. */
  readonly id: string;
  readonly parent: string | undefined;
  readonly depth: number;
  readonly entry: TreeEntry;
  /** Of the labels of all its siblings: their values stand below each other. */
  readonly labelColumns: number;
  readonly isOpen: boolean;
}

/** Longer labels push their values to the right. */
const MAX_LABEL_COLUMNS = 32;

/** The nodes that are not inside a folded one, from the top to the bottom. */
export function visibleNodes(roots: readonly TreeEntry[], toggled: ReadonlySet<string>): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  visit(roots, undefined, 0, nodes, (id, entry) => (entry.isOpenFirst === true) !== toggled.has(id));
  return nodes;
}

/** Every node, as if nothing were folded. */
export function allNodes(roots: readonly TreeEntry[]): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  visit(roots, undefined, 0, nodes, () => true);
  return nodes;
}

function visit(
  entries: readonly TreeEntry[],
  parent: string | undefined,
  depth: number,
  into: TreeNode[],
  isUnfolded: (id: string, entry: TreeEntry) => boolean,
): void {
  let labelColumns = 0;
  for (const {label, value} of entries) {
    if (value !== undefined) labelColumns = Math.max(labelColumns, Math.min(label.length, MAX_LABEL_COLUMNS));
  }
  for (const entry of entries) {
    const id = parent === undefined ? entry.key : `${parent}/${entry.key}`;
    const isOpen = entry.children !== undefined && isUnfolded(id, entry);
    into.push({id, parent, depth, entry, labelColumns, isOpen});
    if (isOpen && entry.children) visit(entry.children(), id, depth + 1, into, isUnfolded);
  }
}

/** Whether a node has a text in it. @param wanted  in lower case */
export function hasText({entry}: TreeNode, wanted: string): boolean {
  return entry.label.toLowerCase().includes(wanted) || (entry.value?.toLowerCase().includes(wanted) ?? false);
}
