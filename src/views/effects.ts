import {resolve} from 'node:path';
import {DOMAIN_ACTIONS, type DomainActionId} from '../app/actions.ts';
import {type AppState, selectedDomain} from '../app/app-state.ts';
import {runJob, say, whyNot} from '../app/jobs.ts';
import {errorMessage, infoMessage, noticeMessage} from '../app/messages.ts';
import type {Store} from '../app/store.ts';
import {focusPane, popModal, pushModal, selectDomain} from '../app/view-state.ts';
import {formatProblem} from '../base/problem.ts';
import {isActive} from '../model/domain-state.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import type {ConsoleDeck} from './console/console-deck.ts';
import {tellNotTyped} from './console/take-over.ts';
import {completePathAtPrompt, pathAtPrompt} from './drafts.ts';

export interface EffectsOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly consoles: ConsoleDeck;
  readonly now: () => number;
  readonly readTextFile: (path: string) => Promise<string>;
  /** The names that the last part of a path can be completed to; directories with `/` at the end, none for a path that leads nowhere. */
  readonly listFiles: (path: string) => Promise<readonly string[]>;
}

/** What a command does outside the store. Nothing here fails: an error becomes a message. */
export class Effects {
  readonly #options: EffectsOptions;

  constructor(options: EffectsOptions) {
    this.#options = options;
  }

  /** Begins an action, after a question where it can lose something. */
  ask(action: DomainActionId, name: string | undefined): void {
    const {store} = this.#options;
    if (name === undefined) {
      say(store, noticeMessage('no domain is selected'));
      return;
    }
    const domain = store.get().domains.find(candidate => candidate.name === name);
    const question = DOMAIN_ACTIONS[action].confirm?.(name, domain);
    if (question !== undefined && whyNot(store.get(), action, name) === undefined) {
      const modal = {is: 'confirm', action, domain: name, question} as const;
      store.update(state => ({...state, view: pushModal(state.view, modal)}));
    } else this.#run(action, name);
  }

  /** The question in front was answered with yes. */
  confirm(): void {
    const {store} = this.#options;
    const modal = store.get().view.modals.at(-1);
    if (modal?.is !== 'confirm' || modal.action === 'run-remedy' || modal.action === 'detach-disk') return;
    store.update(state => ({...state, view: popModal(state.view)}));
    if (modal.action === 'take-over-console') this.#type(modal.domain, true);
    else this.#run(modal.action, modal.domain);
  }

  /** Pauses the selected domain, or lets it go on. */
  togglePause(): void {
    const domain = selectedDomain(this.#options.store.get());
    this.ask(domain?.state.is === 'paused' ? 'resume' : 'suspend', domain?.name);
  }

  openMenu(): void {
    const {store} = this.#options;
    const domain = selectedDomain(store.get());
    if (domain) store.update(state => ({...state, view: pushModal(state.view, {is: 'menu', domain: domain.name})}));
  }

  /** Selects a domain by name, also one that the filter hides. @returns false, and a message, when there is none */
  select(name: string): boolean {
    const {store} = this.#options;
    const isThere = store.get().domains.some(domain => domain.name === name);
    if (isThere) store.update(state => ({...state, view: {...selectDomain(state.view, name), filter: ''}}));
    else say(store, noticeMessage(`there is no domain '${name}'`));
    return isThere;
  }

  /** Shows the console of the selected domain; what is typed goes to the guest at once, when there is one. */
  openConsole(): void {
    const {store, consoles} = this.#options;
    const state = store.get();
    const domain = selectedDomain(state);
    if (!domain || state.abilities.console !== true) {
      say(store, noticeMessage(state.abilities.console === true ? 'no domain is selected' : state.abilities.console));
      return;
    }
    store.update(before => ({...before, view: focusPane(before.view, 'console')}));
    consoles.open(domain.name, true); // after that: the console of a guest of others is open only while it is shown
    if (isActive(domain.state) && (domain.foreign?.console ?? true) === true) this.#type(domain.name, false);
  }

  /** What is typed goes to a guest from now on; where somebody else types, after a question. */
  #type(domain: string, force: boolean): void {
    const {store, consoles} = this.#options;
    try {
      consoles.claim(domain, force);
      store.update(({view, ...state}) => ({...state, view: {...view, typing: view.focus === 'console'}}));
    } catch (error) {
      tellNotTyped(store, domain, error);
    }
  }

  /** Completes the path that is being typed; not when the user typed on meanwhile. */
  async completeFile(): Promise<void> {
    const {store, listFiles} = this.#options;
    const {prompt} = store.get().view;
    const typed = pathAtPrompt(store.get());
    if (!typed) return;
    const names = await listFiles(typed.path);
    store.update(state => (state.view.prompt === prompt ? completePathAtPrompt(state, names) : state));
  }

  /** Defines a domain from a file and says what was wrong with it. */
  async define(path: string): Promise<void> {
    const {store, hypervisor, readTextFile} = this.#options;
    try {
      const {name, created, warnings} = await hypervisor.domainDefineXml(await readTextFile(path));
      const text = `Domain '${name}' ${created ? 'defined' : 'redefined'} from ${path}`;
      const detail = warnings.map(formatProblem);
      say(store, warnings.length === 0 ? infoMessage(text) : {level: 'warning', text, detail});
    } catch (error) {
      say(store, errorMessage(error));
    }
  }

  /** Puts a medium into a drive of the selected domain. Never fails: an error becomes a message. */
  async insert(path: string, target: string | undefined): Promise<void> {
    const {store, hypervisor} = this.#options;
    const name = selectedDomain(store.get())?.name;
    if (name === undefined) {
      say(store, noticeMessage('no domain is selected'));
      return;
    }
    try {
      await hypervisor.domainChangeMedia(name, target, {does: 'update', source: resolve(path)});
      say(store, infoMessage(`'${path}' is in the drive of domain '${name}'`));
    } catch (error) {
      say(store, errorMessage(error));
    }
  }

  #run(action: DomainActionId, name: string): void {
    const {store, hypervisor, now} = this.#options;
    void runJob(store, hypervisor, action, name, now); // never fails: an error becomes a message
  }
}
