import {actionOf, type CommandId} from '../app/command-ids.ts';
import {say} from '../app/jobs.ts';
import {infoMessage, noticeMessage, withoutFading} from '../app/messages.ts';
import {type PaneId, popModal} from '../app/view-state.ts';
import {findCommand} from '../ui/keymap.ts';
import {CapabilitiesEffects} from './capabilities/capabilities-effects.ts';
import type {CapabilitiesTree} from './capabilities/capabilities-tree.ts';
import {type LineCommand, parseCommandLine} from './command-line.ts';
import {ConsoleEffects, type ConsoleEffectsOptions} from './console/console-effects.ts';
import {keyContexts, takesText} from './contexts.ts';
import {DiskEffects} from './disk-effects.ts';
import {DisplayEffects, type DisplayEffectsOptions} from './display/display-effects.ts';
import {DocumentEffects, type DocumentEffectsOptions} from './document/document-effects.ts';
import {typeText} from './drafts.ts';
import {Effects, type EffectsOptions} from './effects.ts';
import type {MenuChoice} from './menu-choice.ts';
import {MonitorEffects} from './monitor/monitor-effects.ts';
import {reduceCommand} from './reduce-command.ts';
import type {Extents} from './scroll.ts';
import type {TreeSources} from './tree/reduce-tree-pane.ts';
import {TreeEffects} from './tree/tree-effects.ts';

/** What the controller works with. */
export interface ControllerOptions
  extends EffectsOptions,
    DocumentEffectsOptions,
    ConsoleEffectsOptions,
    DisplayEffectsOptions {
  readonly extents: Extents;
  readonly tree: CapabilitiesTree;
  readonly trees: TreeSources;
  /** Panes on the screen now, in the order of Tab. */
  readonly panes: () => readonly PaneId[];
  readonly quit: () => void;
  readonly suspend: () => void;
}

const HISTORY_KEPT = 100;

/** Turns keys and command lines into changes of the store and effects. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #effects: Effects;
  readonly #documents: DocumentEffects;
  readonly #disks: DiskEffects;
  readonly #displays: DisplayEffects;
  readonly #consoles: ConsoleEffects;
  readonly #capabilities: CapabilitiesEffects;
  readonly #trees: TreeEffects;
  readonly #monitors: MonitorEffects;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#effects = new Effects(options);
    this.#documents = new DocumentEffects(options);
    this.#disks = new DiskEffects(options);
    this.#displays = new DisplayEffects(options);
    this.#consoles = new ConsoleEffects(options);
    this.#capabilities = new CapabilitiesEffects(options);
    this.#trees = new TreeEffects(options);
    this.#monitors = new MonitorEffects({...options, nextPane: () => this.dispatch('pane.next')});
  }

  /** A key, by its name. Infos go with it. */
  key(name: string): void {
    const {store} = this.#options;
    store.update(state => {
      const messages = withoutFading(state.messages);
      return messages === state.messages ? state : {...state, messages};
    });
    const contexts = keyContexts(store.get());
    const command = findCommand(contexts, name);
    if (command) this.dispatch(command);
    else if (this.#displays.key(name)) return;
    else if (takesText(contexts) && [...name].length === 1) store.update(state => typeText(state, name));
  }

  /** Pasted text: it goes where text is typed, of several lines only the first where one line is asked for. */
  paste(text: string): void {
    const {store} = this.#options;
    if (this.#displays.paste(text)) return;
    const contexts = keyContexts(store.get());
    const [line = ''] = text.split(/[\r\n]/);
    const taken = contexts.includes('import') ? text.replace(/\r\n?/g, '\n') : line;
    if (takesText(contexts)) store.update(state => typeText(state, taken));
  }

  /** Bytes for the console that has the focus. */
  raw(bytes: Uint8Array): void {
    const {selected} = this.#options.store.get().view;
    if (selected !== undefined) this.#options.consoles.type(selected, bytes);
  }

  dispatch(command: CommandId): void {
    const {store, panes, extents, trees} = this.#options;
    const action = actionOf(command);
    if (action) this.#effects.ask(action, store.get().view.selected);
    else if (!this.#consoles.act(command)) {
      const next = reduceCommand(store.get(), command, {panes: panes(), extents, trees});
      if (next) store.update(() => next);
      else this.#act(command);
    }
  }

  /** Something was chosen in a menu: an action, or what asks for more. */
  choose(choice: MenuChoice, domain: string): void {
    this.#options.store.update(state => ({...state, view: popModal(state.view)}));
    // None of them fails.
    if (choice === 'explain') void this.#documents.explain(domain);
    else if (choice === 'attach') void this.#disks.openAttach(domain);
    else if (choice === 'detach') void this.#disks.openDetach(domain);
    else this.#effects.ask(choice, domain);
  }

  /** Runs a line of the command line, without its colon. */
  runLine(line: string): void {
    const text = line.trim();
    this.#options.store.update(state => {
      const others = state.view.commandHistory.filter(other => other !== text);
      const commandHistory = text === '' ? others : [...others, text].slice(-HISTORY_KEPT);
      return {...state, view: {...state.view, prompt: {is: 'none'}, commandHistory}};
    });
    this.#runCommand(parseCommandLine(text));
  }

  #runCommand(command: LineCommand): void {
    const {store} = this.#options;
    switch (command.is) {
      case 'none':
        break;
      case 'unknown':
        say(store, noticeMessage(command.why));
        break;
      case 'action':
        this.#effects.ask(command.action, command.domain ?? store.get().view.selected);
        break;
      case 'console':
      case 'monitor':
      case 'display':
        if (command.domain === undefined || this.#effects.select(command.domain)) this.dispatch(`${command.is}.open`);
        break;
      case 'xml':
      case 'command-line':
      case 'explain':
      case 'edit':
        if (command.domain === undefined || this.#effects.select(command.domain)) this.dispatch(`domain.${command.is}`);
        break;
      case 'select':
        this.#effects.select(command.domain);
        break;
      case 'insert':
        void this.#effects.insert(command.path, command.target); // never fails
        break;
      case 'attach':
        void this.#disks.attach(command.target, command.path); // never fails
        break;
      case 'detach':
        this.#disks.askDetach(command.target);
        break;
      case 'define':
        void this.#effects.define(command.path); // never fails
        break;
      case 'import':
        this.#documents.importFrom(command.source);
        break;
      case 'graphics':
        this.#displays.choose(command.choice);
        break;
      case 'uri':
        say(store, infoMessage(store.get().instance.uri));
        break;
      case 'go':
        this.dispatch(command.command);
        break;
    }
  }

  #act(command: CommandId): void {
    if (this.#documents.act(command) || this.#disks.act(command) || this.#displays.act(command)) return;
    if (this.#trees.act(command) || this.#capabilities.act(command) || this.#monitors.act(command)) return;
    switch (command) {
      case 'domain.pause':
        this.#effects.togglePause();
        break;
      case 'domain.menu':
        this.#effects.openMenu();
        break;
      case 'console.open':
      case 'console.type':
        this.#effects.openConsole();
        break;
      case 'modal.yes':
        this.#effects.confirm();
        break;
      case 'command.complete':
      case 'import.complete':
        void this.#effects.completeFile(); // never fails
        break;
      case 'command.run':
        this.#runPrompt();
        break;
      case 'suspend':
        this.#options.suspend();
        break;
      case 'quit':
        this.#options.quit();
        break;
    }
  }

  #runPrompt(): void {
    const {prompt} = this.#options.store.get().view;
    if (prompt.is === 'command') this.runLine(prompt.draft.text);
  }
}
