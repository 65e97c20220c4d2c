import {type AppState, selectedDomain} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {type DisplayView, panned, zoomed} from '../../app/display.ts';
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
  const {draft: _draft, typing: _typing, ...closed} = display;
  switch (command) {
    case 'display.refresh':
      return withDisplay(state, {...display, asked: display.asked + 1});
    case 'display.zoom-in':
    case 'display.zoom-out':
      return zoomDisplay(state, display, command === 'display.zoom-in' ? 'in' : 'out');
    case 'display.left':
    case 'display.right':
    case 'display.up':
    case 'display.down':
      return panDisplay(state, display, PAN_STEPS[command]);
    case 'display.type':
      return withDisplay(state, {...display, draft: EMPTY_DRAFT});
    case 'display.keys':
      return withDisplay(state, {...display, typing: true});
    case 'display.type-close':
    case 'display.keys-leave':
      return withDisplay(state, closed);
    default:
      return undefined;
  }
}

function zoomDisplay(state: AppState, display: DisplayView, way: 'in' | 'out'): AppState {
  const {zoom: before, ...whole} = display;
  const zoom = zoomed(before, way);
  return withDisplay(state, zoom ? {...whole, zoom} : whole);
}

const PAN_STEPS = {
  'display.left': {across: -1},
  'display.right': {across: 1},
  'display.up': {down: -1},
  'display.down': {down: 1},
} as const;

/** The whole picture does not move. */
function panDisplay(state: AppState, display: DisplayView, by: Parameters<typeof panned>[1]): AppState {
  return display.zoom ? withDisplay(state, {...display, zoom: panned(display.zoom, by)}) : state;
}

function openDisplay(state: AppState): AppState | undefined {
  const domain = selectedDomain(state);
  if (!domain) return undefined;
  return {...state, view: pushModal(state.view, {is: 'display', domain: domain.name, asked: 0})};
}
