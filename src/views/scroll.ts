import type {AppState} from '../app/app-state.ts';
import type {CommandId} from '../app/command-ids.ts';
import type {Modal, PaneId} from '../app/view-state.ts';

/** How much a pane last had to show and how much room; written while drawing, read by the scroll keys. */
export type Extents = Map<PaneId | 'modal', Extent>;

export interface Extent {
  readonly lines: number;
  readonly rows: number;
  /** Of a document: the row at which each of its lines begins. */
  readonly starts?: readonly number[];
}

/** By how many lines a scroll command moves, given the room; negative is up, infinite to an end. */
export function scrollStep(command: CommandId, rows: number): number | undefined {
  switch (command) {
    case 'scroll.up':
      return -1;
    case 'scroll.down':
      return 1;
    case 'scroll.page-up':
      return -Math.max(1, rows - 1);
    case 'scroll.page-down':
      return Math.max(1, rows - 1);
    case 'scroll.top':
      return Number.NEGATIVE_INFINITY;
    case 'scroll.bottom':
      return Number.POSITIVE_INFINITY;
    default:
      return undefined;
  }
}

/** Scrolls what is in front, else the pane with the focus, within its text; undefined for any other command. */
export function scrollView(state: AppState, command: CommandId, extents: Extents): AppState | undefined {
  const {view} = state;
  const modal = view.modals.at(-1);
  const {lines, rows} = extents.get(modal ? 'modal' : view.focus) ?? {lines: 0, rows: 0};
  const step = scrollStep(command, rows);
  if (step === undefined) return undefined;
  const limit = Math.max(0, lines - rows);
  const move = (from: number, by: number) => Math.max(0, Math.min(limit, Math.min(from, limit) + by));
  if (modal) {
    if (modal.is === 'confirm' || modal.is === 'menu' || modal.is === 'display') return state;
    const moved: Modal = {...modal, scroll: move(modal.scroll, step)};
    return {...state, view: {...view, modals: [...view.modals.slice(0, -1), moved]}};
  }
  // The newest line of the monitor is at the bottom: its scroll counts from there.
  const by = view.focus === 'monitor' ? -step : step;
  return {...state, view: {...view, scroll: {...view.scroll, [view.focus]: move(view.scroll[view.focus], by)}}};
}
