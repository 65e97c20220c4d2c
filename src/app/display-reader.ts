import {messageOf, VirtError} from '../base/virt-error.ts';
import {isActive} from '../model/domain-state.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import {type AppState, withEntry} from './app-state.ts';
import {type DisplayReading, type DisplayView, isDisplayDue} from './display.ts';
import type {Store} from './store.ts';

export interface DisplayReaderOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly now: () => number;
}

/**
 * Takes the picture of the guest whose screen is in front, one at a time of each guest. An emulator that hangs owes its
 * picture for seconds: nothing waits for it, neither what else is read nor another guest's picture.
 */
export class DisplayReader {
  readonly #options: DisplayReaderOptions;
  /** Guests whose picture is under way. */
  readonly #owed = new Set<string>();
  #disposed = false;

  constructor(options: DisplayReaderOptions) {
    this.#options = options;
  }

  /**
   * Begins to take a picture where one is due and none is under way.
   *
   * @returns when the state has it, or the reason why there is none; undefined where nothing was begun
   */
  begin(): Promise<void> | undefined {
    const {store, now} = this.#options;
    const state = store.get();
    const view = state.view.modals.find(modal => modal.is === 'display');
    if (!view || this.#owed.has(view.domain)) return undefined;
    if (!isDisplayDue(view, state.displays.get(view.domain), now())) return undefined;
    const domain = state.domains.find(({name}) => name === view.domain);
    return domain && isActive(domain.state) ? this.#take(view) : undefined;
  }

  /** What is under way changes nothing any more. */
  dispose(): void {
    this.#disposed = true;
  }

  async #take(view: DisplayView): Promise<void> {
    this.#owed.add(view.domain);
    const reading = await this.#read(view);
    this.#owed.delete(view.domain);
    if (this.#disposed) return;
    this.#options.store.update(state => ({...state, displays: withEntry(state.displays, view.domain, reading)}));
  }

  async #read({domain, asked}: DisplayView): Promise<DisplayReading> {
    const {hypervisor, now} = this.#options;
    try {
      return {is: 'read', picture: await hypervisor.domainScreenshot(domain), atMs: now(), asked};
    } catch (error) {
      const hint = error instanceof VirtError && error.hint !== undefined ? `; ${error.hint}` : '';
      return {is: 'failed', why: `${messageOf(error)}${hint}`, atMs: now(), asked};
    }
  }
}
