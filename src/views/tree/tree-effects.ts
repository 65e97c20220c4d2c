import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {say} from '../../app/jobs.ts';
import {infoMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {isTreePane, type TreeSources} from './reduce-tree-pane.ts';
import {cursorIndex} from './tree-rows.ts';

export interface TreeEffectsOptions {
  readonly store: Store<AppState>;
  readonly trees: TreeSources;
  /** Puts a sanitised text into the terminal's clipboard. */
  readonly copy: (text: string) => void;
}

/** What panes that are trees do outside the store. */
export class TreeEffects {
  readonly #options: TreeEffectsOptions;

  constructor(options: TreeEffectsOptions) {
    this.#options = options;
  }

  /** @returns false for a command that is not about trees */
  act(command: CommandId): boolean {
    const {store, trees, copy} = this.#options;
    const {view} = store.get();
    if (command !== 'tree.copy' || !isTreePane(view.focus)) return false;
    const {toggled, cursor} = view[view.focus];
    const nodes = trees[view.focus](store.get()).visible(toggled);
    const entry = nodes[cursorIndex(nodes, cursor)]?.entry;
    if (!entry) return true;
    const text = entry.copy ?? entry.label;
    copy(text);
    say(store, infoMessage(`Copied '${text}' to the terminal's clipboard (OSC 52)`));
    return true;
  }
}
