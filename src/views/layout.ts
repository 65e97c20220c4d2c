import type {PaneId, ViewState} from '../app/view-state.ts';

/** Below this nothing can be shown. */
export const MIN_COLUMNS = 60;
export const MIN_ROWS = 15;
const WIDE_COLUMNS = 120;
const WIDE_ROWS = 30;
/** A guest's 80 columns and the two edges around them. */
const LEFT_MIN = 82;
/** A guest's 24 rows and the two edges. */
const LOWER_ROWS = 26;
const LIST_MIN = 8;

/** Where a pane stands; columns and rows count from 0 at the top left of the screen. */
export interface PlacedPane {
  readonly pane: PaneId;
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly frame: 'box' | 'rule';
}

/** How the screen is divided. Row 0 is the header, the last rows are the footer. */
export interface Layout {
  readonly columns: number;
  readonly rows: number;
  /** `tabs` have one pane and a line that names them all. */
  readonly kind: 'too-small' | 'tabs' | 'wide' | 'zoomed';
  readonly panes: readonly PlacedPane[];
  readonly footerRows: number;
}

/**
 * Divides the screen.
 *
 * @param footerRows  rows at the bottom for hints, messages or a question, at least 1
 */
export function computeLayout(
  size: {readonly columns: number; readonly rows: number},
  view: Pick<ViewState, 'focus' | 'lower' | 'zoomed'>,
  footerRows: number,
): Layout {
  const {columns, rows} = size;
  if (columns < MIN_COLUMNS || rows < MIN_ROWS) return {...size, kind: 'too-small', panes: [], footerRows: 0};
  if (view.zoomed) {
    const pane = {pane: view.focus, left: 0, top: 0, columns, rows: rows - footerRows, frame: 'rule'} as const;
    return {...size, kind: 'zoomed', panes: [pane], footerRows};
  }
  if (columns >= WIDE_COLUMNS && rows >= WIDE_ROWS) {
    return {...size, kind: 'wide', panes: widePanes(columns, rows - 1 - footerRows, view), footerRows};
  }
  const pane = {pane: view.focus, left: 0, top: 2, columns, rows: rows - 2 - footerRows, frame: 'rule'} as const;
  return {...size, kind: 'tabs', panes: [pane], footerRows};
}

function widePanes(columns: number, bodyRows: number, view: Pick<ViewState, 'lower'>): readonly PlacedPane[] {
  const left = Math.max(LEFT_MIN, Math.floor(columns * 0.64));
  const lower = Math.max(0, Math.min(bodyRows - LIST_MIN, Math.max(LOWER_ROWS, Math.floor(bodyRows * 0.6))));
  const list = bodyRows - lower;
  const capabilities = Math.floor(bodyRows * 0.45);
  const place = (pane: PaneId, at: Omit<PlacedPane, 'pane' | 'frame'>): PlacedPane => ({pane, ...at, frame: 'box'});
  return [
    place('domains', {left: 0, top: 1, columns: left, rows: list}),
    place(view.lower, {left: 0, top: 1 + list, columns: left, rows: lower}),
    place('capabilities', {left, top: 1, columns: columns - left, rows: capabilities}),
    place('security', {left, top: 1 + capabilities, columns: columns - left, rows: bodyRows - capabilities}),
  ];
}
