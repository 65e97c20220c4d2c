import {messageOf, VirtError} from '../base/virt-error.ts';

/**
 * Something said to the user. Errors and warnings stay until dismissed; an info, and a notice that something could
 * not be done just now, go with the next key.
 */
export interface Message {
  readonly id: number;
  readonly level: 'error' | 'warning' | 'notice' | 'info';
  /** Outside text may be in it: sanitised where it is shown. */
  readonly text: string;
  readonly hint?: string;
  readonly detail: readonly string[];
}

/** How many messages are kept; the oldest are dropped. */
export const MESSAGES_KEPT = 50;

/** The state of messages: newest last, each with a number of its own. */
export interface Messages {
  readonly nextId: number;
  readonly shown: readonly Message[];
}

export const NO_MESSAGES: Messages = {nextId: 1, shown: []};

/** Adds a message; one that fades replaces those before it, and the same words twice in a row are said once. */
export function addMessage(messages: Messages, message: Omit<Message, 'id'>): Messages {
  const last = messages.shown.at(-1);
  if (last && last.text === message.text && last.level === message.level) return messages;
  const others = fades(message) ? withoutFading(messages).shown : messages.shown;
  return {
    nextId: messages.nextId + 1,
    shown: [...others, {...message, id: messages.nextId}].slice(-MESSAGES_KEPT),
  };
}

/** What the next key leaves. */
export function withoutFading(messages: Messages): Messages {
  return messages.shown.some(fades)
    ? {...messages, shown: messages.shown.filter(message => !fades(message))}
    : messages;
}

/** True for a message that goes with the next key. */
export function fades(message: Pick<Message, 'level'>): boolean {
  return message.level === 'info' || message.level === 'notice';
}

/** Takes the newest message away: the one that is on the screen. */
export function dismissMessage(messages: Messages): Messages {
  return messages.shown.length === 0 ? messages : {...messages, shown: messages.shown.slice(0, -1)};
}

/** The newest message: the one that is on the screen. */
export function currentMessage(messages: Messages): Message | undefined {
  return messages.shown.at(-1);
}

/** An error as a message, with its hint and all its lines. */
export function errorMessage(error: unknown): Omit<Message, 'id'> {
  if (!(error instanceof VirtError)) return {level: 'error', text: messageOf(error), detail: []};
  const hint = error.hint === undefined ? {} : {hint: error.hint};
  return {level: 'error', text: error.message, detail: error.detail, ...hint};
}

export function infoMessage(text: string): Omit<Message, 'id'> {
  return {level: 'info', text, detail: []};
}

/** Why something could not be done just now. */
export function noticeMessage(text: string): Omit<Message, 'id'> {
  return {level: 'notice', text, detail: []};
}

export function warningMessage(text: string): Omit<Message, 'id'> {
  return {level: 'warning', text, detail: []};
}
