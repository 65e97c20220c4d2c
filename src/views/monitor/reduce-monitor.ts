import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {draftOf} from '../../app/line-draft.ts';
import {addMessage, noticeMessage} from '../../app/messages.ts';
import {EMPTY_MONITOR, findInMonitor} from '../../app/monitor-log.ts';
import type {ViewState} from '../../app/view-state.ts';
import {typeText} from '../drafts.ts';
import type {Extents} from '../scroll.ts';

/** What a command of the search makes of the monitor pane while it has the focus; undefined for any other command. */
export function reduceMonitor(state: AppState, command: CommandId, extents: Extents): AppState | undefined {
  const {view} = state;
  if (view.focus !== 'monitor' || view.modals.length > 0) return undefined;
  const log = state.monitors.get(view.selected ?? '') ?? EMPTY_MONITOR;
  const withView = (change: Partial<ViewState>): AppState => ({...state, view: {...view, ...change}});
  switch (command) {
    case 'search.open':
      // Within a command it is a character as any other: x/10i.
      return log.draft.text === '' ? withView({prompt: {is: 'find', draft: draftOf('')}}) : typeText(state, '/');
    case 'search.close':
      return withView({prompt: {is: 'none'}});
    case 'search.take': {
      const typed = view.prompt.is === 'find' ? view.prompt.draft.text : '';
      const before = typed === '' ? view.monitorSearch : {text: typed};
      return step(withView({prompt: {is: 'none'}, monitorSearch: before}), -1, extents);
    }
    case 'search.next':
      return step(state, -1, extents);
    case 'search.previous':
      return step(state, 1, extents);
    case 'pane.back':
      return view.monitorSearch && state.messages.shown.length === 0 ? withView({monitorSearch: undefined}) : undefined;
    default:
      return undefined;
  }
}

/** Goes to the next match: up, to what is older, or down. What is looked for stays in the middle of the pane. */
function step(state: AppState, by: 1 | -1, extents: Extents): AppState {
  const {view, monitors} = state;
  const {monitorSearch} = view;
  if (!monitorSearch) return state;
  const log = monitors.get(view.selected ?? '') ?? EMPTY_MONITOR;
  const match = findInMonitor(log, monitorSearch, by);
  if (match === undefined) {
    const text = `no ${by < 0 ? 'older' : 'newer'} line of the monitor has '${monitorSearch.text}'`;
    return {...state, messages: addMessage(state.messages, noticeMessage(text))};
  }
  const {lines = 0, rows = 0, starts = []} = extents.get('monitor') ?? {};
  const back = lines - (starts[match] ?? 0) - Math.ceil(rows / 2);
  const monitor = Math.max(0, Math.min(back, lines - rows));
  return {
    ...state,
    view: {...view, monitorSearch: {...monitorSearch, match}, scroll: {...view.scroll, monitor}},
  };
}
