import type {AppState} from '../../app/app-state.ts';
import type {TreePart} from '../tree/tree-pane.tsx';
import type {TreeDrawer, TreeLook, TreeSize} from '../tree/tree-rows.ts';
import type {SecurityTree} from './security-tree.ts';

/** What the pane of security is drawn with. */
export interface SecurityParts {
  readonly tree: SecurityTree;
  readonly drawer: TreeDrawer;
}

/** The lines of the tree that there is room for, and where among all of them the cursor is. */
export function securityRows(state: AppState, {tree, drawer}: SecurityParts, size: TreeSize, look: TreeLook): TreePart {
  const {toggled, cursor} = state.view.security;
  const nodes = tree.of(state).visible(toggled);
  const {lines, at} = drawer.draw(nodes, cursor, size, look);
  return {lines, place: nodes.length <= size.rows ? '' : `${at + 1} of ${nodes.length}`};
}
