import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {draftOf} from '../../app/line-draft.ts';
import type {Prompt} from '../../app/view-state.ts';
import type {Extents} from '../scroll.ts';
import {reduceTree, searchTree} from '../tree/reduce-tree.ts';
import type {CapabilitiesTree} from './capabilities-tree.ts';

/** What a command makes of the capabilities pane while it has the focus; undefined for any other command. */
export function reduceCapabilities(
  state: AppState,
  command: CommandId,
  {extents, tree}: {readonly extents: Extents; readonly tree: CapabilitiesTree},
): AppState | undefined {
  const {view} = state;
  if (view.focus !== 'capabilities' || view.modals.length > 0) return undefined;
  const source = tree.of(state.capabilities);
  const withPrompt = (prompt: Prompt): AppState => ({...state, view: {...view, prompt}});
  switch (command) {
    case 'search.open':
      return withPrompt({is: 'find', draft: draftOf('')});
    case 'search.close':
      return withPrompt({is: 'none'});
    case 'search.take': {
      const text = view.prompt.is === 'find' ? view.prompt.draft.text : '';
      const capabilities = searchTree(view.capabilities, text, source);
      return {...state, view: {...view, prompt: {is: 'none'}, capabilities}};
    }
    default: {
      const capabilities = reduceTree(view.capabilities, command, source, extents.get('capabilities')?.rows ?? 1);
      return capabilities && {...state, view: {...view, capabilities}};
    }
  }
}
