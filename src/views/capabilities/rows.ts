import type {AppState} from '../../app/app-state.ts';
import type {TreeDrawer, TreeLook, TreeSize} from '../tree/tree-rows.ts';
import type {CapabilitiesTree} from './capabilities-tree.ts';

/** What a pane of capabilities is drawn with. */
export interface CapabilitiesParts {
  readonly tree: CapabilitiesTree;
  readonly drawer: TreeDrawer;
}

/** The lines of the tree that there is room for, and where among all of them the cursor is. */
export function capabilitiesRows(
  state: Pick<AppState, 'capabilities' | 'view'>,
  {tree, drawer}: CapabilitiesParts,
  size: TreeSize,
  look: TreeLook,
): {readonly lines: readonly string[]; readonly place: string} {
  const {capabilities, view} = state;
  if (!capabilities) return {lines: [look.theme.paint('muted', ' Asking the host')], place: ''};
  const {toggled, cursor} = view.capabilities;
  const nodes = tree.of(capabilities).visible(toggled);
  const {lines, at} = drawer.draw(nodes, cursor, size, look);
  return {lines, place: nodes.length <= size.rows ? '' : `${at + 1} of ${nodes.length}`};
}
