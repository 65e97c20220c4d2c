import type {CellSize, FoundGraphics} from '../../app/graphics.ts';
import type {Disposable} from '../../base/disposable.ts';
import type {ReplyTaker} from '../input-router.ts';
import type {FrameClock} from '../terminal/frame-limit.ts';
import type {TerminalReply} from '../terminal-reply.ts';
import type {Environment} from '../theme.ts';
import {findGraphics, isPlainTerminal, multiplexerOf, type TerminalFacts} from './find-graphics.ts';
import {kittyQuestion} from './kitty-image.ts';

export interface TerminalSurveyOptions {
  readonly write: (text: string) => void;
  readonly env: Environment;
  readonly clock: FrameClock;
  /** Of the terminal now, in cells. */
  readonly size: () => {readonly columns: number; readonly rows: number};
}

const ASK_VERSION = '\x1b[>q';
const ASK_CELL_SIZE = '\x1b[16t';
const ASK_TEXT_SIZE = '\x1b[14t';
/** Every terminal answers it, and in order: whatever was asked before is answered by then, or never. */
const ASK_ATTRIBUTES = '\x1b[c';
/** The id of the picture in the question; it is not kept. */
const QUESTION_ID = 0x76;
/** After this what is known counts. */
const ANSWER_DEADLINE_MS = 3000;
/** Answers that come later than that are still no keys. */
const LATE_MS = 10_000;

const NOTHING: TerminalFacts = {attributes: [], version: '', hasKitty: false, cell: undefined};

/**
 * Asks the terminal itself what images it can draw: the environment does not know, least of all over SSH. First who it is;
 * then, unless it is a multiplexer, which would take the question for a title, whether it knows kitty's protocol.
 */
export class TerminalSurvey implements ReplyTaker, Disposable {
  readonly #options: TerminalSurveyOptions;
  #facts = NOTHING;
  #textSize: CellSize | undefined;
  #step: 'idle' | 'version' | 'kitty' = 'idle';
  #settle: (() => void) | undefined;
  #quiet: (() => void) | undefined;
  #timers: Disposable[] = [];

  constructor(options: TerminalSurveyOptions) {
    this.#options = options;
  }

  get isExpecting(): boolean {
    return this.#step !== 'idle';
  }

  /** Asks, and says what was found: within three seconds, also when the terminal says nothing. One at a time. */
  async ask(): Promise<FoundGraphics> {
    const {env, write, clock} = this.#options;
    this.#facts = NOTHING;
    if (isPlainTerminal(env)) return findGraphics(NOTHING, env);
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#settle = resolve;
    this.#step = 'version';
    this.#timers = [clock.schedule(resolve, ANSWER_DEADLINE_MS), clock.schedule(() => this.#end(), LATE_MS)];
    write(ASK_VERSION + ASK_CELL_SIZE + ASK_TEXT_SIZE + ASK_ATTRIBUTES);
    await promise;
    return findGraphics({...this.#facts, cell: this.#facts.cell ?? this.#cellOfText()}, env);
  }

  /** Asks nothing more, and waits for the answers that are owed: else whoever reads the terminal next would get them. */
  async drain(patienceMs: number): Promise<void> {
    if (!this.isExpecting) return;
    this.#step = 'kitty'; // the last one
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#quiet = resolve;
    const timer = this.#options.clock.schedule(resolve, patienceMs);
    await promise;
    timer.dispose();
  }

  handleReply(reply: TerminalReply): void {
    switch (reply.is) {
      case 'version':
        this.#facts = {...this.#facts, version: reply.text};
        break;
      case 'cell-size':
        if (reply.width > 0 && reply.height > 0) this.#facts = {...this.#facts, cell: reply};
        break;
      case 'text-size':
        this.#textSize = reply;
        break;
      case 'kitty':
        this.#facts = {...this.#facts, hasKitty: reply.isOk};
        break;
      case 'attributes':
        this.#facts = {...this.#facts, attributes: reply.numbers};
        this.#next();
        break;
    }
  }

  dispose(): void {
    this.#end();
  }

  #next(): void {
    const {env, write} = this.#options;
    if (this.#step === 'version' && multiplexerOf(env, this.#facts.version) === undefined) {
      this.#step = 'kitty';
      write(kittyQuestion(QUESTION_ID) + ASK_ATTRIBUTES);
    } else this.#end();
  }

  #end(): void {
    this.#step = 'idle';
    for (const timer of this.#timers.splice(0)) timer.dispose();
    this.#settle?.();
    this.#settle = undefined;
    this.#quiet?.();
    this.#quiet = undefined;
  }

  #cellOfText(): CellSize | undefined {
    const {columns, rows} = this.#options.size();
    if (!this.#textSize || columns < 1 || rows < 1) return undefined;
    const cell = {
      width: Math.floor(this.#textSize.width / columns),
      height: Math.floor(this.#textSize.height / rows),
    };
    return cell.width > 0 && cell.height > 0 ? cell : undefined;
  }
}
