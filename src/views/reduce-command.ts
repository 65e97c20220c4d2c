import {type AppState, keepSelection, visibleDomains} from '../app/app-state.ts';
import type {CommandId} from '../app/command-ids.ts';
import {dismissMessage, withoutFading} from '../app/messages.ts';
import {
  focusPane,
  neighbourPane,
  openCommandLine,
  PANES,
  type PaneId,
  popModal,
  pushModal,
  selectDomain,
  type ViewState,
} from '../app/view-state.ts';
import {reduceDisplay} from './display/reduce-display.ts';
import {reduceDocument} from './document/reduce-document.ts';
import {completePrompt, editDraft, walkCommands} from './drafts.ts';
import {reduceMonitor} from './monitor/reduce-monitor.ts';
import {type Extents, scrollView} from './scroll.ts';
import {isTreeSearched, reduceTreePane, type TreeSources, withoutTreeSearch} from './tree/reduce-tree-pane.ts';

/** What a change of the view has to know of the screen. */
export interface ScreenFacts {
  /** Panes on the screen, in the order of Tab. */
  readonly panes: readonly PaneId[];
  readonly extents: Extents;
  readonly trees: TreeSources;
}

/** What a command that has no effect outside makes of the state; undefined for one that has. */
export function reduceCommand(state: AppState, command: CommandId, facts: ScreenFacts): AppState | undefined {
  return (
    reduceDocument(state, command, facts.extents) ??
    reduceDisplay(state, command) ??
    reduceTreePane(state, command, facts) ??
    reduceMonitor(state, command, facts.extents) ??
    reduceSelection(state, command) ??
    reducePanes(state, command, facts) ??
    reducePrompt(state, command) ??
    scrollView(state, command, facts.extents)
  );
}

function withView(state: AppState, view: ViewState): AppState {
  return view === state.view ? state : {...state, view};
}

function reduceSelection(state: AppState, command: CommandId): AppState | undefined {
  const visible = visibleDomains(state);
  const at = visible.findIndex(domain => domain.name === state.view.selected);
  const select = (place: number) => {
    const name = visible[Math.max(0, Math.min(place, visible.length - 1))]?.name;
    return withView(state, selectDomain(state.view, name));
  };
  switch (command) {
    case 'domain.next':
      return select(at + 1);
    case 'domain.previous':
      return select(at - 1);
    case 'domain.first':
      return select(0);
    case 'domain.last':
      return select(visible.length - 1);
    default:
      return undefined;
  }
}

function reducePanes(state: AppState, command: CommandId, facts: ScreenFacts): AppState | undefined {
  const {view} = state;
  const pane = PANES.find(candidate => command === `pane.${candidate}`);
  if (pane) return withView(state, focusPane(view, pane));
  switch (command) {
    case 'domain.open':
      return withView(state, focusPane(view, 'detail'));
    case 'monitor.open':
      return withView(state, focusPane(view, 'monitor'));
    case 'pane.next':
    case 'pane.previous':
      return withView(state, focusPane(view, neighbourPane(view, facts.panes, command === 'pane.next' ? 1 : -1)));
    case 'pane.zoom':
      return withView(state, {...view, zoomed: !view.zoomed});
    case 'pane.back':
      return goBack(state);
    case 'console.leave':
      return withView(state, {...view, typing: false});
    case 'help':
      return withView(state, pushModal(view, {is: 'help', scroll: 0}));
    case 'messages.show':
      return withView(state, pushModal(view, {is: 'messages', scroll: 0}));
    case 'modal.close':
    case 'modal.no':
      return withView(state, popModal(view));
    default:
      return undefined;
  }
}

/** One step back: the message, the filter, the search, the zoom, the pane. */
function goBack(state: AppState): AppState {
  const messages = withoutFading(state.messages);
  if (messages.shown.length > 0) return {...state, messages: dismissMessage(messages)};
  const {view} = state;
  if (view.filter !== '' && view.focus === 'domains') return keepSelection({...state, view: {...view, filter: ''}});
  if (isTreeSearched(state)) return withoutTreeSearch(state);
  if (view.zoomed) return {...state, view: {...view, zoomed: false}};
  return withView(state, focusPane(view, 'domains'));
}

function reducePrompt(state: AppState, command: CommandId): AppState | undefined {
  const {view} = state;
  switch (command) {
    case 'filter.open':
      return withView(state, {
        ...focusPane(view, 'domains'),
        prompt: {is: 'filter', before: view.filter, draft: {text: view.filter, cursor: [...view.filter].length}},
      });
    case 'filter.take':
      return withView(state, {...view, prompt: {is: 'none'}});
    case 'filter.clear':
      return keepSelection(withView(state, {...view, filter: '', prompt: {is: 'none'}}));
    case 'command.open':
      return withView(state, openCommandLine(view));
    case 'command.close':
    case 'import.close':
      return withView(state, {...view, prompt: {is: 'none'}});
    case 'command.complete':
      return completePrompt(state);
    case 'command.older':
    case 'command.newer':
      return walkCommands(state, command === 'command.older' ? -1 : 1);
    default:
      return editDraft(state, command);
  }
}
