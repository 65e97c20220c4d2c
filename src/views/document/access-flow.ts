import {type AccessHistory, accessPages} from '../../app/access-document.ts';
import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {type DocumentPage, openDocument} from '../../app/document.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {popModal, pushModal} from '../../app/view-state.ts';
import type {Remedy, RemedyResult} from '../../model/access-report.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import {frontDocument} from './reduce-document.ts';

export interface AccessFlowOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
}

/** Explains what guests reach, and runs what would help: a question, the command, the explanation anew. */
export class AccessFlow {
  readonly #options: AccessFlowOptions;
  /** What takes back what was run, the newest first, by domain. */
  readonly #undos = new Map<string, readonly Remedy[]>();

  constructor(options: AccessFlowOptions) {
    this.#options = options;
  }

  /**
   * Shows what the process of a domain reaches.
   *
   * @param first  texts that come before, and a title for all
   * @throws {VirtError} as the hypervisor does
   */
  async explain(
    domain: string,
    first: {readonly title: string; readonly pages: readonly DocumentPage[]} = {
      title: `Access of ${domain}`,
      pages: [],
    },
  ): Promise<void> {
    await this.#show(domain, first, {undos: this.#undosOf(domain)}, state => state.view);
  }

  /** @returns false for a command that is not about what would help */
  act(command: CommandId): boolean {
    const {store} = this.#options;
    const modal = store.get().view.modals.at(-1);
    if (command === 'remedy.ask') {
      this.#ask();
      return true;
    }
    if (command !== 'modal.yes' || modal?.is !== 'confirm' || modal.action !== 'run-remedy') return false;
    store.update(state => ({...state, view: popModal(state.view)}));
    this.#run(modal.domain, modal.remedy).catch(error => say(store, errorMessage(error)));
    return true;
  }

  #ask(): void {
    const {store} = this.#options;
    const {readOnly, readOnlyReason} = store.get().instance;
    const list = frontDocument(store.get())?.remedies;
    const remedy = list?.items[list.chosen];
    if (!list || !remedy) return;
    if (readOnly)
      say(store, noticeMessage(`cannot run it: the connection is read-only: ${readOnlyReason ?? 'no changes'}`));
    else if (!remedy.argv) say(store, noticeMessage('this is for a person to do: y copies it'));
    else {
      const question = questionOf(remedy);
      const modal = {is: 'confirm', action: 'run-remedy', domain: list.domain, remedy, question} as const;
      store.update(state => ({...state, view: pushModal(state.view, modal)}));
    }
  }

  async #run(domain: string, {command, undo}: Remedy): Promise<void> {
    const {store, hypervisor} = this.#options;
    say(store, infoMessage(`Running ${command}`));
    const last = await hypervisor.domainRemedy(domain, command);
    this.#undos.set(domain, undosAfter(this.#undosOf(domain), last, undo));
    const title = frontDocument(store.get())?.title ?? `Access of ${domain}`;
    await this.#show(domain, {title, pages: []}, {last, undos: this.#undosOf(domain)}, withoutRemedies);
  }

  async #show(
    domain: string,
    {title, pages: before}: {readonly title: string; readonly pages: readonly DocumentPage[]},
    history: AccessHistory,
    below: (state: AppState) => AppState['view'],
  ): Promise<void> {
    const {store, hypervisor} = this.#options;
    const {pages, remedies} = accessPages(await hypervisor.domainExplain(domain), history, before);
    const document = {...openDocument(title, pages), ...(remedies ? {remedies} : {})};
    store.update(state => ({...state, view: pushModal(below(state), document)}));
  }

  #undosOf(domain: string): readonly Remedy[] {
    return this.#undos.get(domain) ?? [];
  }
}

function questionOf({command, changes, undo}: Remedy): string {
  const back = undo ? `taken back by: ${undo.command}` : 'nothing takes it back';
  return `Run on the host: ${command}  (${changes}; ${back})`;
}

/** What was taken back is no longer to be taken back. */
function undosAfter(
  undos: readonly Remedy[],
  {command, failure, undo}: RemedyResult,
  planned: Remedy['undo'],
): readonly Remedy[] {
  if (failure !== undefined) return undos;
  const left = undos.filter(one => one.command !== command && one.command !== undo);
  return undo === undefined
    ? left
    : [{...planned, command: undo, argv: planned?.argv ?? [], changes: `it is as it was before ${command}`}, ...left];
}

function withoutRemedies(state: AppState): AppState['view'] {
  return frontDocument(state)?.pages.some(({name}) => name === 'access') ? popModal(state.view) : state.view;
}
