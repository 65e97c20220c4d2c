import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {draftOf} from '../../app/line-draft.ts';
import type {PaneId, Prompt} from '../../app/view-state.ts';
import type {Extents} from '../scroll.ts';
import {reduceTree, searchTree, type TreeSource} from './reduce-tree.ts';

/** The panes that are trees. */
export type TreePaneId = Extract<PaneId, 'capabilities' | 'security'>;

/** The tree of each of them, as the state has it now. */
export type TreeSources = Readonly<Record<TreePaneId, (state: AppState) => TreeSource>>;

export function isTreePane(pane: PaneId): pane is TreePaneId {
  return pane === 'capabilities' || pane === 'security';
}

/** What a command makes of a pane that is a tree while it has the focus; undefined for any other command. */
export function reduceTreePane(
  state: AppState,
  command: CommandId,
  {extents, trees}: {readonly extents: Extents; readonly trees: TreeSources},
): AppState | undefined {
  const {view} = state;
  const pane = view.focus;
  if (!isTreePane(pane) || view.modals.length > 0) return undefined;
  const source = trees[pane](state);
  const withPrompt = (prompt: Prompt): AppState => ({...state, view: {...view, prompt}});
  switch (command) {
    case 'search.open':
      return withPrompt({is: 'find', draft: draftOf('')});
    case 'search.close':
      return withPrompt({is: 'none'});
    case 'search.take': {
      const text = view.prompt.is === 'find' ? view.prompt.draft.text : '';
      return {...state, view: {...view, prompt: {is: 'none'}, [pane]: searchTree(view[pane], text, source)}};
    }
    default: {
      const tree = reduceTree(view[pane], command, source, extents.get(pane)?.rows ?? 1);
      return tree && {...state, view: {...view, [pane]: tree}};
    }
  }
}

/** Whether something is looked for in the tree that has the focus. */
export function isTreeSearched({view}: Pick<AppState, 'view'>): boolean {
  return isTreePane(view.focus) && view[view.focus].search !== '';
}

/** With nothing looked for in the tree that has the focus. */
export function withoutTreeSearch(state: AppState): AppState {
  const {view} = state;
  if (!isTreePane(view.focus)) return state;
  return {...state, view: {...view, [view.focus]: {...view[view.focus], search: ''}}};
}
