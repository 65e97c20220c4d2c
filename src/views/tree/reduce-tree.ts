import type {CommandId} from '../../app/command-ids.ts';
import type {TreeView} from '../../app/tree-view.ts';
import {hasText, type TreeNode} from './tree-node.ts';
import {cursorIndex} from './tree-rows.ts';

/** A tree as it is now. */
export interface TreeSource {
  /** What is not folded away. */
  visible(toggled: ReadonlySet<string>): readonly TreeNode[];
  /** Everything, as if nothing were folded. */
  all(): readonly TreeNode[];
}

/** What a command makes of a tree; undefined for a command that is not about trees. @param rows  that are in view */
export function reduceTree(view: TreeView, command: CommandId, tree: TreeSource, rows: number): TreeView | undefined {
  const nodes = tree.visible(view.toggled);
  const at = cursorIndex(nodes, view.cursor);
  const move = (place: number) => {
    const node = nodes[Math.max(0, Math.min(place, nodes.length - 1))];
    return node ? {...view, cursor: node.id} : view;
  };
  switch (command) {
    case 'tree.next':
      return move(at + 1);
    case 'tree.previous':
      return move(at - 1);
    case 'tree.page-down':
      return move(at + Math.max(1, rows - 1));
    case 'tree.page-up':
      return move(at - Math.max(1, rows - 1));
    case 'tree.first':
      return move(0);
    case 'tree.last':
      return move(nodes.length - 1);
    case 'search.next':
      return stepMatch(view, 1, tree);
    case 'search.previous':
      return stepMatch(view, -1, tree);
    default: {
      const node = nodes[at];
      return node ? fold(view, command, node, nodes[at + 1]) : isFolding(command) ? view : undefined;
    }
  }
}

function isFolding(command: CommandId): boolean {
  return /^tree\.(?:toggle|open|close|open-all|close-all)$/.test(command);
}

function fold(view: TreeView, command: CommandId, node: TreeNode, next: TreeNode | undefined): TreeView | undefined {
  const canOpen = node.entry.children !== undefined;
  switch (command) {
    case 'tree.toggle':
      return canOpen ? toggle(view, [node]) : view;
    case 'tree.open':
      if (canOpen && !node.isOpen) return toggle(view, [node]);
      return node.isOpen && next?.parent === node.id ? {...view, cursor: next.id} : view;
    case 'tree.close':
      if (node.isOpen) return toggle(view, [node]);
      return node.parent === undefined ? view : {...view, cursor: node.parent};
    case 'tree.open-all':
      return {...view, cursor: node.id, toggled: withBelow(view.toggled, node, true)};
    case 'tree.close-all':
      return {...view, cursor: node.id, toggled: withBelow(view.toggled, node, false)};
    default:
      return undefined;
  }
}

function toggle(view: TreeView, nodes: readonly TreeNode[]): TreeView {
  const toggled = new Set(view.toggled);
  for (const {id} of nodes) if (!toggled.delete(id)) toggled.add(id);
  return {...view, cursor: nodes[0]?.id, toggled};
}

/** A node and everything inside it unfolded or folded. */
function withBelow(before: ReadonlySet<string>, {id, entry}: TreeNode, isOpen: boolean): ReadonlySet<string> {
  const toggled = new Set(before);
  const visit = (at: string, {isOpenFirst, children}: TreeNode['entry']) => {
    if (!children) return;
    if (isOpen === (isOpenFirst === true)) toggled.delete(at);
    else toggled.add(at);
    for (const child of children()) visit(`${at}/${child.key}`, child);
  };
  visit(id, entry);
  return toggled;
}

/** Looks for a text from the cursor on, and unfolds what it is in. */
export function searchTree(view: TreeView, search: string, tree: TreeSource): TreeView {
  if (search === '') return stepMatch(view, 1, tree);
  const wanted = search.toLowerCase();
  const all = tree.all();
  const from = all.findIndex(({id}) => id === view.cursor);
  const here = all[Math.max(0, from)];
  const found = {...view, search};
  return here && hasText(here, wanted) ? reveal(found, here, all) : stepMatch(found, 1, tree);
}

/** The next (1) or the previous (-1) node with what is looked for, around the end. */
function stepMatch(view: TreeView, step: 1 | -1, tree: TreeSource): TreeView {
  const wanted = view.search.toLowerCase();
  if (wanted === '') return view;
  const all = tree.all();
  const from = Math.max(
    0,
    all.findIndex(({id}) => id === view.cursor),
  );
  for (let away = 1; away <= all.length; away++) {
    const node = all[(from + step * away + all.length * 2) % all.length];
    if (node && hasText(node, wanted)) return reveal(view, node, all);
  }
  return view;
}

/** Puts the cursor on a node, with everything around it unfolded. */
function reveal(view: TreeView, node: TreeNode, all: readonly TreeNode[]): TreeView {
  const toggled = new Set(view.toggled);
  const byId = new Map(all.map(other => [other.id, other]));
  for (let outer = node.parent; outer !== undefined; outer = byId.get(outer)?.parent) {
    if (byId.get(outer)?.entry.isOpenFirst) toggled.delete(outer);
    else toggled.add(outer);
  }
  return {...view, cursor: node.id, toggled};
}
