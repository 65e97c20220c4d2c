import {type AppState, selectedDomain} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import type {DisplayView} from '../../app/display.ts';
import {EMPTY_DRAFT} from '../../app/line-draft.ts';
import {pushModal} from '../../app/view-state.ts';

/** The guest's screen in front, if there is one. */
export function frontDisplay(state: Pick<AppState, 'view'>): DisplayView | undefined {
  const modal = state.view.modals.at(-1);
  return modal?.is === 'display' ? modal : undefined;
}

/** Puts a changed view in the place of the one in front. */
export function withDisplay(state: AppState, display: DisplayView): AppState {
  return {...state, view: {...state.view, modals: [...state.view.modals.slice(0, -1), display]}};
}

/** What a command makes of the guest's screen; undefined for a command that is not about it, or has an effect outside. */
export function reduceDisplay(state: AppState, command: CommandId): AppState | undefined {
  if (command === 'display.open') return openDisplay(state);
  const display = frontDisplay(state);
  if (!display) return undefined;
  const {draft: _draft, ...closed} = display;
  switch (command) {
    case 'display.refresh':
      return withDisplay(state, {...display, asked: display.asked + 1});
    case 'display.type':
      return withDisplay(state, {...display, draft: EMPTY_DRAFT});
    case 'display.type-close':
      return withDisplay(state, closed);
    default:
      return undefined;
  }
}

function openDisplay(state: AppState): AppState | undefined {
  const domain = selectedDomain(state);
  if (!domain) return undefined;
  return {...state, view: pushModal(state.view, {is: 'display', domain: domain.name, asked: 0})};
}
