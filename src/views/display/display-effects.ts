import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import type {DisplayView} from '../../app/display.ts';
import {type GraphicsChoice, graphicsHindrance} from '../../app/graphics.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage, infoMessage, noticeMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import type {Picture} from '../../base/picture.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {chordOfTerminalKey, chordsOfText} from '../../model/guest-keys.ts';
import type {Hypervisor} from '../../model/hypervisor.ts';
import {GuestKeyboard} from './guest-keyboard.ts';
import {frontDisplay, reduceDisplay} from './reduce-display.ts';

export interface DisplayEffectsOptions {
  readonly store: Store<AppState>;
  readonly hypervisor: Hypervisor;
  /** Writes a picture of a domain into a new file. @returns its absolute path */
  readonly savePicture: (picture: Picture, domain: string) => Promise<string>;
}

/** Saves what a guest's screen shows, and types on its keyboard. Nothing here fails: an error becomes a message. */
export class DisplayEffects {
  readonly #options: DisplayEffectsOptions;
  readonly #keyboard: GuestKeyboard;

  constructor(options: DisplayEffectsOptions) {
    this.#options = options;
    this.#keyboard = new GuestKeyboard(options);
  }

  /** @returns false for a command that is not for the guest's screen */
  act(command: CommandId): boolean {
    const {store} = this.#options;
    if (command === 'display.open') {
      say(store, noticeMessage('no domain is selected'));
      return true;
    }
    const display = frontDisplay(store.get());
    if (!display) return false;
    switch (command) {
      case 'display.save':
        void this.#save(display.domain); // never fails
        return true;
      case 'display.send':
        void this.#send(display); // never fails
        return true;
      default:
        return false;
    }
  }

  /** A key for the guest's keyboard, by its name. @returns false where keys are not for it now */
  key(name: string): boolean {
    const display = frontDisplay(this.#options.store.get());
    if (!display?.typing) return false;
    const chord = chordOfTerminalKey(name);
    if (chord) this.#keyboard.press(display.domain, [chord]);
    else say(this.#options.store, noticeMessage(noKeyFor(name)));
    return true;
  }

  /** Pasted text for the guest's keyboard. @returns false where keys are not for it now */
  paste(text: string): boolean {
    const {store} = this.#options;
    const display = frontDisplay(store.get());
    if (!display?.typing) return false;
    try {
      this.#keyboard.press(display.domain, chordsOfText(text.replace(/\r\n?/g, '\n')));
    } catch (error) {
      say(store, errorMessage(error));
    }
    return true;
  }

  /** How pictures are drawn from now on. */
  choose(choice: GraphicsChoice): void {
    const {store} = this.#options;
    store.update(state => ({...state, graphics: {...state.graphics, choice}}));
    const why = graphicsHindrance(store.get().graphics);
    const drawn = {blocks: 'with blocks', auto: 'as well as this terminal can'} as const;
    const how = choice === 'blocks' || choice === 'auto' ? drawn[choice] : `as images of ${choice}`;
    say(store, why === undefined ? infoMessage(`Screens of guests are drawn ${how}`) : noticeMessage(why));
  }

  async #save(domain: string): Promise<void> {
    const {store, savePicture} = this.#options;
    const reading = store.get().displays.get(domain);
    try {
      if (reading?.is !== 'read') say(store, noticeMessage('there is no picture to save yet'));
      else say(store, infoMessage(`Picture saved to ${await savePicture(reading.picture, domain)}`));
    } catch (error) {
      say(store, errorMessage(error));
    }
  }

  /** Types the line and Enter, then has a new picture taken. */
  async #send({domain, draft}: DisplayView): Promise<void> {
    const {store, hypervisor} = this.#options;
    store.update(state => reduceDisplay(state, 'display.type-close') ?? state);
    try {
      await hypervisor.domainSendKeys(domain, [...chordsOfText(draft?.text ?? ''), ['ret']]);
    } catch (error) {
      say(store, errorMessage(error));
    }
    store.update(state => reduceDisplay(state, 'display.refresh') ?? state);
  }
}

function noKeyFor(name: string): string {
  if (name === 'unknown') return 'this key is not passed on: virtty send-key presses any';
  return `a keyboard with US layout has no key for ${sanitiseUntrusted(name)}`;
}
