import {type AppState, selectedDomain} from '../app/app-state.ts';
import type {DisplayView} from '../app/display.ts';
import type {Need, Sampler} from '../app/sampler.ts';
import type {Store} from '../app/store.ts';
import type {PaneId} from '../app/view-state.ts';
import {type Disposable, DisposableStore} from '../base/disposable.ts';
import type {ConsoleDeck} from './console/console-deck.ts';

const PANE_NEEDS: Readonly<Record<PaneId, readonly Need[]>> = {
  domains: ['stats', 'drift', 'foreign'],
  detail: ['stats', 'drift', 'log', 'foreign'],
  console: [],
  monitor: [],
  capabilities: [],
  security: ['security', 'drift'],
};

export interface AttentionOptions {
  readonly store: Store<AppState>;
  readonly sampler: Sampler;
  readonly consoles: ConsoleDeck;
  /** Panes on the screen now. */
  readonly panes: () => readonly PaneId[];
}

/**
 * Follows what the user looks at: tells the sampler what has to be read for it, opens the console that is shown
 * and closes those that nobody needs any more.
 */
export function followAttention(options: AttentionOptions): Disposable {
  const {store, sampler, consoles, panes} = options;
  let before: AppState | undefined;
  const follow = () => {
    const state = store.get();
    const shown = panes();
    const isSilent = shown.includes('console') && consoles.terminal(state.view.selected ?? '')?.isBlank === true;
    // A silent console says for how long: that follows the time of what is read.
    const silence = isSilent ? (['stats'] as const) : [];
    const display = shownDisplay(state) ? (['display'] as const) : [];
    sampler.setNeeds(new Set([...shown.flatMap(pane => PANE_NEEDS[pane]), ...silence, ...display]));
    if (before && hasNews(before, state)) sampler.kick();
    followConsoles(state, consoles, shown.includes('console'), before);
    before = state;
  };
  follow();
  const subscriptions = new DisposableStore();
  subscriptions.add(store.subscribe(follow));
  subscriptions.add(consoles.onChange(follow));
  return subscriptions;
}

/** The guest's screen that is looked at; a question may be asked in front of it. */
function shownDisplay({view}: AppState): DisplayView | undefined {
  const front = view.modals.findLast(modal => modal.is !== 'confirm');
  return front?.is === 'display' ? front : undefined;
}

/** A change after which what was read is out of date. */
function hasNews(before: AppState, state: AppState): boolean {
  return (
    before.domains !== state.domains ||
    shownDisplay(before)?.asked !== shownDisplay(state)?.asked ||
    before.view.selected !== state.view.selected ||
    (before.jobs !== state.jobs && state.jobs.size > 0)
  );
}

/**
 * Whose consoles may stay open. The lines of others' guests have room for one: such a line is opened when that is asked
 * for, and let go when it is looked at no more.
 */
function openable({domains, view}: AppState, isShown: boolean): ReadonlySet<string> {
  const kept = domains.filter(({foreign, name}) => !foreign || (isShown && name === view.selected));
  return new Set(kept.map(({name}) => name));
}

function followConsoles(state: AppState, consoles: ConsoleDeck, isShown: boolean, before: AppState | undefined): void {
  const {selected} = state.view;
  // A console that could not be opened while the guest was off is tried again when it has started.
  const isStarted = before !== undefined && selectedDomain(before)?.pid !== selectedDomain(state)?.pid;
  const isForeign = selectedDomain(state)?.foreign !== undefined;
  const mayOpen = isShown && state.abilities.console === true && !isForeign;
  if (mayOpen && selected !== undefined) consoles.open(selected, isStarted);
  consoles.keep(openable(state, isShown), isShown ? selected : undefined);
}
