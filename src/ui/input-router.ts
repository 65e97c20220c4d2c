import {decodeKey} from './key-decoder.ts';
import {PasteReader} from './paste-reader.ts';
import {readReply, type TerminalReply} from './terminal-reply.ts';

/** Where the keys go now, asked anew for each of them. */
export type InputMode =
  /** To `key`, one by one. */
  | {readonly is: 'keys'}
  /** To `raw`, every byte but `leave`. */
  | {readonly is: 'raw'; readonly leaveByte: number}
  /** To the component that reads for itself (a menu); `key` hears of Escape and Ctrl-C only. */
  | {readonly is: 'passive'};

export interface InputHandlers {
  mode(): InputMode;
  key(name: string): void;
  /** Pasted text; ignored where no text is asked for. */
  paste(text: string): void;
  raw(bytes: Uint8Array): void;
  passive(bytes: Uint8Array): void;
  /** What the terminal was asked, while it is asked something: a reply is neither a key nor for a guest. */
  readonly replies?: ReplyTaker;
}

/** Who has asked the terminal something. */
export interface ReplyTaker {
  /** True from the question until the last answer, or until none is expected any more. */
  readonly isExpecting: boolean;
  handleReply(reply: TerminalReply): void;
}

/** How long a lone ESC may be the beginning of a longer key on a slow line. */
const ESCAPE_WAIT_MS = 30;
/** While the terminal owes an answer, an ESC is the beginning of one more often than a key. */
const REPLY_BEGIN_WAIT_MS = 150;
/** How long an answer may pause on a slow line. */
const REPLY_WAIT_MS = 3000;
/** How long pasted text may pause on a slow line. What comes after its end was given up would be taken for keys. */
const PASTE_WAIT_MS = 10_000;

const ESC = 0x1b;
const PASTE_MARK = /\x1b\[20[01]~/g;
const EMPTY = new Uint8Array(0);

/**
 * The one place where input bytes become keys. Typing and pasting may arrive in one piece, and a key may change
 * where the next one goes: so it goes through the bytes and asks for the mode again after each key.
 */
export class InputRouter {
  readonly #handlers: InputHandlers;
  #rest: Uint8Array = EMPTY;
  /** While text is being pasted. */
  #paste: PasteReader | undefined;

  constructor(handlers: InputHandlers) {
    this.#handlers = handlers;
  }

  /** True when the bytes so far end inside a key, or inside pasted text: `flush` is due if nothing follows. */
  get isPending(): boolean {
    return this.#rest.length > 0 || this.isPasting;
  }

  /** True inside pasted text, which a slow line brings in pieces. */
  get isPasting(): boolean {
    return this.#paste !== undefined;
  }

  /** How long more may take, before `flush` is due. */
  get patienceMs(): number {
    if (this.isPasting) return PASTE_WAIT_MS;
    if (!this.#handlers.replies?.isExpecting) return ESCAPE_WAIT_MS;
    return this.#rest.length > 1 && readReply(this.#rest) === 'more' ? REPLY_WAIT_MS : REPLY_BEGIN_WAIT_MS;
  }

  feed(chunk: Uint8Array): void {
    this.#run(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  /** Nothing follows: what is left is taken as it stands, a lone ESC as the Escape key. */
  flush(): void {
    if (this.#paste) this.#endPaste(this.#paste);
    this.#run(this.#rest, true);
  }

  #run(input: Uint8Array, isFinal: boolean): void {
    let bytes = input;
    this.#rest = EMPTY;
    while (bytes.length > 0) {
      const mode = this.#handlers.mode();
      const taken = this.#paste ? this.#pasted(bytes, this.#paste) : this.#typed(bytes, mode, isFinal);
      if (taken === 0) {
        this.#rest = bytes;
        return;
      }
      bytes = bytes.subarray(taken);
    }
  }

  /** @returns how many bytes were used, 0 when more are needed */
  #typed(bytes: Uint8Array, mode: InputMode, isFinal: boolean): number {
    const replies = this.#handlers.replies;
    if (!replies?.isExpecting) return this.#untilKey(bytes, mode, isFinal);
    const found = readReply(bytes);
    if (found === 'more' && !isFinal) return 0;
    if (found === undefined || found === 'more') return this.#untilKey(upToNextEscape(bytes), mode, isFinal);
    replies.handleReply(found.reply);
    return found.length;
  }

  #untilKey(bytes: Uint8Array, mode: InputMode, isFinal: boolean): number {
    return mode.is === 'raw' ? this.#raw(bytes, mode.leaveByte) : this.#key(bytes, mode, isFinal);
  }

  /** @returns how many bytes were used */
  #raw(bytes: Uint8Array, leaveByte: number): number {
    const at = bytes.indexOf(leaveByte);
    if (at === 0) {
      this.#handlers.key('ctrl-]');
      return 1;
    }
    const part = at < 0 ? bytes : bytes.subarray(0, at);
    this.#handlers.raw(withoutPasteMarks(part));
    return part.length;
  }

  /** @returns how many bytes were used, 0 when more are needed */
  #key(bytes: Uint8Array, mode: InputMode, isFinal: boolean): number {
    const key = decodeKey(bytes, isFinal);
    if (!key) return 0;
    if ('isPaste' in key) this.#paste = new PasteReader();
    else if (mode.is === 'keys' || key.name === 'esc' || key.name === 'ctrl-c') this.#handlers.key(key.name);
    else this.#handlers.passive(bytes.slice(0, key.length));
    return key.length;
  }

  /** @returns how many bytes were used */
  #pasted(bytes: Uint8Array, paste: PasteReader): number {
    const {length, isDone} = paste.feed(bytes);
    if (isDone) this.#endPaste(paste);
    return length;
  }

  #endPaste(paste: PasteReader): void {
    this.#paste = undefined;
    if (this.#handlers.mode().is === 'keys') this.#handlers.paste(paste.text);
  }
}

/** Behind the first byte an answer of the terminal may begin. */
function upToNextEscape(bytes: Uint8Array): Uint8Array {
  const at = bytes.indexOf(ESC, 1);
  return at < 0 ? bytes : bytes.subarray(0, at);
}

/** The marks around pasted text are for us: the guest has not asked for them. */
function withoutPasteMarks(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(ESC)) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const plain = text.replace(PASTE_MARK, '');
  return plain.length === text.length ? bytes : Buffer.from(plain, 'latin1');
}
