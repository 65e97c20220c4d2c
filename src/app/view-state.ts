import type {Remedy} from '../model/access-report.ts';
import type {DomainActionId} from './actions.ts';
import type {DisplayView} from './display.ts';
import type {DocumentView} from './document.ts';
import {EMPTY_DRAFT, type LineDraft} from './line-draft.ts';
import type {MonitorSearch} from './monitor-log.ts';
import {INITIAL_TREE, type TreeView} from './tree-view.ts';

/** The panes, in the order of their numbers and of Tab. */
export const PANES = ['domains', 'detail', 'console', 'monitor', 'capabilities', 'security'] as const;
export type PaneId = (typeof PANES)[number];

/** Panes that share the place below the list on a wide screen. */
export const LOWER_PANES = ['detail', 'console', 'monitor'] as const;
export type LowerPane = (typeof LOWER_PANES)[number];

/** Something in front of the panes that takes every key until it is closed. */
export type Modal =
  | {
      readonly is: 'confirm';
      readonly action: DomainActionId | 'take-over-console';
      readonly domain: string;
      readonly question: string;
    }
  /** A disk that a domain loses after a yes. */
  | {
      readonly is: 'confirm';
      readonly action: 'detach-disk';
      readonly target: string;
      readonly domain: string;
      readonly question: string;
    }
  /** A command that is run on the host after a yes. */
  | {
      readonly is: 'confirm';
      readonly action: 'run-remedy';
      readonly remedy: Remedy;
      readonly domain: string;
      readonly question: string;
    }
  | {readonly is: 'menu'; readonly domain: string}
  | DocumentView
  | DisplayView
  | {readonly is: 'help'; readonly scroll: number}
  | {readonly is: 'messages'; readonly scroll: number};

/** The line at the bottom while something is typed into it. */
export type Prompt =
  | {readonly is: 'none'}
  /** A text that is looked for in the pane. */
  | {readonly is: 'find'; readonly draft: LineDraft}
  /** The file that the history of a console is to be written to. */
  | {readonly is: 'save'; readonly draft: LineDraft; readonly offers: readonly string[]}
  | {readonly is: 'filter'; readonly draft: LineDraft; readonly before: string}
  | {readonly is: 'command'; readonly draft: LineDraft; readonly historyAt: number; readonly offers: readonly string[]}
  /** Where a command line is imported from: a file, a process, or the command line itself. */
  | {
      readonly is: 'import';
      readonly draft: LineDraft;
      readonly offers: readonly string[];
      /** What an import was read from that is kept: nothing typed goes on with it. */
      readonly kept?: string;
      /** Why what is typed could not be read. */
      readonly error?: string;
    };

/** What the user looks at and where the keys go. */
export interface ViewState {
  /** Name of the selected domain. */
  readonly selected: string | undefined;
  readonly focus: PaneId;
  readonly lower: LowerPane;
  readonly zoomed: boolean;
  /** True while every key goes to the guest's console. */
  readonly typing: boolean;
  readonly filter: string;
  readonly prompt: Prompt;
  readonly commandHistory: readonly string[];
  /** The last is in front. */
  readonly modals: readonly Modal[];
  /** Lines scrolled in each pane: from the top, in the monitor and the console from the bottom. */
  readonly scroll: Readonly<Record<PaneId, number>>;
  /** What is looked for in the monitor of the selected domain, until something is typed. */
  readonly monitorSearch: MonitorSearch | undefined;
  /** The tree of the capabilities. */
  readonly capabilities: TreeView;
  /** That of the confinement. */
  readonly security: TreeView;
}

const NO_SCROLL: ViewState['scroll'] = {domains: 0, detail: 0, console: 0, monitor: 0, capabilities: 0, security: 0};

export const INITIAL_VIEW: ViewState = {
  selected: undefined,
  focus: 'domains',
  lower: 'detail',
  zoomed: false,
  typing: false,
  filter: '',
  prompt: {is: 'none'},
  commandHistory: [],
  modals: [],
  scroll: NO_SCROLL,
  monitorSearch: undefined,
  capabilities: INITIAL_TREE,
  security: INITIAL_TREE,
};

/** Gives a pane the focus and, where it shares its place, brings it to the front. Typing ends. */
export function focusPane(view: ViewState, pane: PaneId): ViewState {
  const lower = LOWER_PANES.find(candidate => candidate === pane) ?? view.lower;
  return {...view, focus: pane, lower, typing: false};
}

/** The pane after (1) or before (-1) the focused one among those given. */
export function neighbourPane(view: ViewState, panes: readonly PaneId[], step: 1 | -1): PaneId {
  const at = panes.indexOf(view.focus);
  return panes[(at + step + panes.length) % panes.length] ?? view.focus;
}

/** Selects a domain; what was scrolled for another one starts at its beginning. */
export function selectDomain(view: ViewState, name: string | undefined): ViewState {
  if (name === view.selected) return view;
  return {
    ...view,
    selected: name,
    monitorSearch: undefined,
    scroll: {...view.scroll, detail: 0, console: 0, monitor: 0},
    security: {...view.security, cursor: undefined},
  };
}

export function pushModal(view: ViewState, modal: Modal): ViewState {
  return {...view, modals: [...view.modals, modal]};
}

export function popModal(view: ViewState): ViewState {
  return {...view, modals: view.modals.slice(0, -1)};
}

/** Opens the command line. */
export function openCommandLine(view: ViewState): ViewState {
  return {...view, prompt: {is: 'command', draft: EMPTY_DRAFT, historyAt: view.commandHistory.length, offers: []}};
}

/** Asks where a command line is to be imported from. */
export function openImport(view: ViewState, kept: string | undefined): ViewState {
  return {...view, prompt: {is: 'import', draft: EMPTY_DRAFT, offers: [], ...(kept === undefined ? {} : {kept})}};
}
