import {DOMAIN_ACTIONS, type DomainActionId} from '../app/actions.ts';
import {type AppState, selectedDomain, withEntry} from '../app/app-state.ts';
import {actionOf, type CommandId} from '../app/command-ids.ts';
import {runJob, say, whyNot} from '../app/jobs.ts';
import {errorMessage, infoMessage, warningMessage, withoutInfos} from '../app/messages.ts';
import {beginCommand, EMPTY_MONITOR, endCommand} from '../app/monitor-log.ts';
import type {Store} from '../app/store.ts';
import {focusPane, type PaneId, popModal, pushModal, selectDomain} from '../app/view-state.ts';
import {messageOf} from '../base/virt-error.ts';
import {isActive} from '../model/domain-state.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import {findCommand} from '../ui/keymap.ts';
import {type LineCommand, parseCommandLine} from './command-line.ts';
import type {ConsoleDeck} from './console/console-deck.ts';
import {keyContexts, takesText} from './contexts.ts';
import {typeText} from './drafts.ts';
import {monitorHindrance} from './monitor/rows.ts';
import {reduceCommand} from './reduce-command.ts';
import {type Extents, scrollStep} from './scroll.ts';

/** What the controller can do beyond the store. */
export interface ControllerOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  readonly consoles: ConsoleDeck;
  readonly extents: Extents;
  readonly now: () => number;
  /** Panes on the screen now, in the order of Tab. */
  readonly panes: () => readonly PaneId[];
  readonly readTextFile: (path: string) => Promise<string>;
  readonly quit: () => void;
  readonly suspend: () => void;
}

const HISTORY_KEPT = 100;

/** Turns keys and command lines into changes of the store and calls of the hypervisor. */
export class Controller {
  readonly #options: ControllerOptions;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** A key, by its name. Infos go with it. */
  key(name: string): void {
    const {store} = this.#options;
    store.update(state => {
      const messages = withoutInfos(state.messages);
      return messages === state.messages ? state : {...state, messages};
    });
    const contexts = keyContexts(store.get());
    const command = findCommand(contexts, name);
    if (command) this.dispatch(command);
    else if (takesText(contexts) && [...name].length === 1) store.update(state => typeText(state, name));
  }

  /** Pasted text: one line of it goes where text is typed, nowhere else. */
  paste(text: string): void {
    const {store} = this.#options;
    const [line = ''] = text.split(/[\r\n]/);
    if (takesText(keyContexts(store.get()))) store.update(state => typeText(state, line));
  }

  /** Bytes for the console that has the focus. */
  raw(bytes: Uint8Array): void {
    const {selected} = this.#options.store.get().view;
    if (selected !== undefined) this.#options.consoles.type(selected, bytes);
  }

  dispatch(command: CommandId): void {
    const {store} = this.#options;
    const action = actionOf(command);
    if (action) return this.#ask(action, store.get().view.selected);
    if (this.#scrollConsole(command)) return;
    const facts = {panes: this.#options.panes(), extents: this.#options.extents};
    const next = reduceCommand(store.get(), command, facts);
    if (next) store.update(() => next);
    else this.#act(command);
  }

  /** Runs a line of the command line, without its colon. */
  runLine(line: string): void {
    const {store} = this.#options;
    const text = line.trim();
    store.update(state => {
      const history = state.view.commandHistory.filter(other => other !== text);
      const commandHistory = text === '' ? history : [...history, text].slice(-HISTORY_KEPT);
      return {...state, view: {...state.view, prompt: {is: 'none'}, commandHistory}};
    });
    this.#runCommand(parseCommandLine(text));
  }

  #runCommand(command: LineCommand): void {
    const {store} = this.#options;
    switch (command.is) {
      case 'none':
        return;
      case 'unknown':
        return say(store, warningMessage(command.why));
      case 'action':
        return this.#ask(command.action, command.domain ?? store.get().view.selected);
      case 'console':
      case 'monitor':
        if (command.domain === undefined || this.#select(command.domain)) this.dispatch(`${command.is}.open`);
        return;
      case 'select':
        this.#select(command.domain);
        return;
      case 'pane':
        return this.dispatch(`pane.${command.pane}`);
      case 'define':
        void this.#define(command.path); // never fails: an error becomes a message
        return;
      case 'uri':
        return say(store, infoMessage(store.get().instance.uri));
      case 'messages':
        return this.dispatch('messages.show');
      case 'help':
      case 'quit':
        return this.dispatch(command.is);
    }
  }

  #act(command: CommandId): void {
    const {store} = this.#options;
    const domain = selectedDomain(store.get());
    switch (command) {
      case 'domain.pause':
        return this.#ask(domain?.state.is === 'paused' ? 'resume' : 'suspend', domain?.name);
      case 'domain.menu':
        if (domain) store.update(state => ({...state, view: pushModal(state.view, {is: 'menu', domain: domain.name})}));
        return;
      case 'console.open':
      case 'console.type':
        return this.#openConsole();
      case 'monitor.run':
        void this.#runMonitor(); // never fails: an error becomes a line
        return;
      case 'modal.yes':
        return this.#confirm();
      case 'command.run': {
        const {prompt} = store.get().view;
        if (prompt.is === 'command') this.runLine(prompt.draft.text);
        return;
      }
      case 'suspend':
        return this.#options.suspend();
      case 'quit':
        return this.#options.quit();
    }
  }

  /** Chosen in a menu. */
  choose(action: DomainActionId, domain: string): void {
    this.#options.store.update(state => ({...state, view: popModal(state.view)}));
    this.#ask(action, domain);
  }

  /** Begins an action, after a question where it can lose something. */
  #ask(action: DomainActionId, name: string | undefined): void {
    const {store, hypervisor, now} = this.#options;
    if (name === undefined) return say(store, warningMessage('no domain is selected'));
    const question = DOMAIN_ACTIONS[action].confirm?.(name);
    if (question !== undefined && whyNot(store.get(), action, name) === undefined) {
      const modal = {is: 'confirm', action, domain: name, question} as const;
      store.update(state => ({...state, view: pushModal(state.view, modal)}));
    } else void runJob(store, hypervisor, action, name, now); // never fails: an error becomes a message
  }

  #confirm(): void {
    const {store, hypervisor, now} = this.#options;
    const modal = store.get().view.modals.at(-1);
    store.update(state => ({...state, view: popModal(state.view)}));
    if (modal?.is === 'confirm') void runJob(store, hypervisor, modal.action, modal.domain, now); // as above
  }

  #select(name: string): boolean {
    const {store} = this.#options;
    const isThere = store.get().domains.some(domain => domain.name === name);
    if (isThere) store.update(state => ({...state, view: {...selectDomain(state.view, name), filter: ''}}));
    else say(store, warningMessage(`there is no domain '${name}'`));
    return isThere;
  }

  #openConsole(): void {
    const {store, consoles} = this.#options;
    const state = store.get();
    const domain = selectedDomain(state);
    if (!domain) return say(store, warningMessage('no domain is selected'));
    if (state.abilities.console !== true) return say(store, warningMessage(state.abilities.console));
    consoles.open(domain.name, true);
    const typing = isActive(domain.state);
    store.update(before => ({...before, view: {...focusPane(before.view, 'console'), typing}}));
  }

  #scrollConsole(command: CommandId): boolean {
    const {view} = this.#options.store.get();
    if (view.focus !== 'console' || view.modals.length > 0 || view.selected === undefined) return false;
    const step = scrollStep(command, this.#options.extents.get('console')?.rows ?? 1);
    if (step === undefined) return false;
    const lines = step === Number.POSITIVE_INFINITY ? 'end' : Math.max(step, -Number.MAX_SAFE_INTEGER);
    this.#options.consoles.scroll(view.selected, lines);
    return true;
  }

  async #runMonitor(): Promise<void> {
    const {store, hypervisor} = this.#options;
    const state = store.get();
    const name = state.view.selected;
    const log = state.monitors.get(name ?? '') ?? EMPTY_MONITOR;
    const command = log.draft.text.trim();
    if (name === undefined || log.busy || command === '' || monitorHindrance(state) !== undefined) return;
    const change = (edit: (before: typeof log) => typeof log) =>
      store.update(now => ({
        ...now,
        monitors: withEntry(now.monitors, name, edit(now.monitors.get(name) ?? EMPTY_MONITOR)),
      }));
    change(before => beginCommand(before, command));
    try {
      const answer = await hypervisor.domainMonitorCommand(name, command, {format: 'hmp'});
      change(before => endCommand(before, 'answer', answer));
    } catch (error) {
      change(before => endCommand(before, 'error', messageOf(error)));
    }
  }

  async #define(path: string): Promise<void> {
    const {store, hypervisor, readTextFile} = this.#options;
    try {
      const {name, created, warnings} = await hypervisor.domainDefineXml(await readTextFile(path));
      const text = `Domain '${name}' ${created ? 'defined' : 'redefined'} from ${path}`;
      if (warnings.length === 0) return say(store, infoMessage(text));
      const detail = warnings.map(({line, message}) => (line > 0 ? `line ${line}: ${message}` : message));
      say(store, {level: 'warning', text, detail});
    } catch (error) {
      say(store, errorMessage(error));
    }
  }
}
