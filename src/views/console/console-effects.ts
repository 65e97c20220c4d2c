import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {say} from '../../app/jobs.ts';
import {draftOf} from '../../app/line-draft.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import type {Prompt} from '../../app/view-state.ts';
import type {ConsoleTerminal} from '../../ui/terminal/console-terminal.ts';
import {type Extents, scrollStep} from '../scroll.ts';
import type {ConsoleDeck} from './console-deck.ts';

export interface ConsoleEffectsOptions {
  readonly store: Store<AppState>;
  readonly consoles: ConsoleDeck;
  readonly extents: Extents;
  /** Puts a sanitised text into the terminal's clipboard. */
  readonly copy: (text: string) => void;
  /** Writes a new file that the user named. @returns its absolute path; fails for a file that is there */
  readonly writeNewFile: (path: string, text: string) => Promise<string>;
}

/** What commands do to the console that has the focus. Nothing here fails: an error becomes a message. */
export class ConsoleEffects {
  readonly #options: ConsoleEffectsOptions;

  constructor(options: ConsoleEffectsOptions) {
    this.#options = options;
  }

  /** @returns false for a command that is not for the console */
  act(command: CommandId): boolean {
    const {view} = this.#options.store.get();
    const {selected, prompt} = view;
    if (command === 'console.resize') {
      this.#type(selected, terminal => `stty rows ${terminal.size.rows} cols ${terminal.size.columns}\r`);
      return true;
    }
    if (view.focus !== 'console' || view.modals.length > 0 || selected === undefined) return false;
    if (prompt.is === 'find' || prompt.is === 'save') return this.#actOnPrompt(command, selected, prompt);
    return this.#scroll(command, selected) || this.#actOnText(command, selected);
  }

  #actOnPrompt(command: CommandId, domain: string, prompt: Extract<Prompt, {is: 'find' | 'save'}>): boolean {
    switch (command) {
      case 'search.close':
      case 'save.close':
        this.#setPrompt({is: 'none'});
        return true;
      case 'search.take':
        this.#setPrompt({is: 'none'});
        this.#search(domain, prompt.draft.text);
        return true;
      case 'save.take':
        void this.#save(domain, prompt.draft.text.trim()); // never fails
        return true;
      default:
        return false;
    }
  }

  #actOnText(command: CommandId, domain: string): boolean {
    const terminal = this.#options.consoles.terminal(domain);
    switch (command) {
      case 'search.open':
        if (terminal) this.#setPrompt({is: 'find', draft: draftOf('')});
        return true;
      case 'search.next':
      case 'search.previous':
        terminal?.stepSearch(command === 'search.next' ? 1 : -1);
        return true;
      case 'console.newline':
        this.#type(domain, () => '\r');
        return true;
      case 'console.times':
        terminal?.toggleTimes();
        return true;
      case 'console.copy':
        if (terminal) this.#copy(terminal);
        return true;
      case 'console.save':
        if (terminal)
          this.#setPrompt({is: 'save', draft: draftOf(`${domain}-${terminal.device.alias}.txt`), offers: []});
        return true;
      case 'console.device':
        void this.#nextDevice(domain); // never fails
        return true;
      case 'pane.back':
        if (terminal?.found === undefined || this.#options.store.get().messages.shown.length > 0) return false;
        terminal.search('');
        return true;
      default:
        return false;
    }
  }

  /** Types for the user, where there is a guest that takes it. */
  #type(domain: string | undefined, keys: (terminal: ConsoleTerminal) => string): void {
    const {store, consoles} = this.#options;
    const terminal = domain === undefined ? undefined : consoles.terminal(domain);
    if (domain === undefined || !terminal) say(store, noticeMessage('no console is open'));
    else if (terminal.status.is !== 'live') say(store, noticeMessage(`'${domain}' is off: nothing can be typed`));
    else consoles.type(domain, new TextEncoder().encode(keys(terminal)));
  }

  #scroll(command: CommandId, domain: string): boolean {
    const {extents, consoles} = this.#options;
    const step = scrollStep(command, extents.get('console')?.rows ?? 1);
    if (step === undefined) return false;
    const lines = step === Number.POSITIVE_INFINITY ? 'end' : Math.max(step, -Number.MAX_SAFE_INTEGER);
    consoles.scroll(domain, lines);
    return true;
  }

  /** Nothing typed goes to the next match of what was looked for before. */
  #search(domain: string, text: string): void {
    const {store, consoles} = this.#options;
    const terminal = consoles.terminal(domain);
    if (text === '') terminal?.stepSearch(1);
    else terminal?.search(text);
    if (terminal?.found?.count === 0) say(store, noticeMessage(`'${terminal.found.text}' is not in the history`));
  }

  #copy(terminal: ConsoleTerminal): void {
    const {store, copy} = this.#options;
    const text = terminal.viewText;
    copy(text);
    say(store, infoMessage(`Copied ${countLines(text)} to the terminal's clipboard (OSC 52)`));
  }

  async #save(domain: string, path: string): Promise<void> {
    const {store, consoles, writeNewFile} = this.#options;
    const text = consoles.terminal(domain)?.historyText;
    if (text === undefined || path === '') return;
    try {
      const written = await writeNewFile(path, text);
      this.#setPrompt({is: 'none'});
      say(store, infoMessage(`Wrote ${countLines(text)}, ${Buffer.byteLength(text)} bytes, to ${written}`));
    } catch (error) {
      say(store, errorMessage(error));
    }
  }

  async #nextDevice(domain: string): Promise<void> {
    const {store, consoles} = this.#options;
    try {
      const only = await consoles.nextDevice(domain);
      if (only !== undefined) say(store, noticeMessage(`'${domain}' has no other console than ${only}`));
    } catch (error) {
      say(store, errorMessage(error));
    }
  }

  #setPrompt(prompt: Prompt): void {
    this.#options.store.update(state => ({...state, view: {...state.view, prompt}}));
  }
}

function countLines(text: string): string {
  const lines = text.split('\n').length - 1;
  return `${lines} ${lines === 1 ? 'line' : 'lines'}`;
}
