/** What the user has made of a tree that can be folded. */
export interface TreeView {
  /** Ids of the nodes that are not as they are at first: folded, or unfolded. */
  readonly toggled: ReadonlySet<string>;
  /** Id of the node that the cursor is on; undefined for the first. */
  readonly cursor: string | undefined;
  /** What is looked for, in any case; empty for nothing. */
  readonly search: string;
}

export const INITIAL_TREE: TreeView = {toggled: new Set(), cursor: undefined, search: ''};
