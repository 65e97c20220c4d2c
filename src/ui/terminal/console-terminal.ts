import xterm from '@xterm/headless';
import {type Disposable, DisposableStore} from '../../base/disposable.ts';
import {Emitter} from '../../base/emitter.ts';
import type {ConsoleDevice, ConsoleStatus, ConsoleStream} from '../../model/hypervisor.ts';
import type {OutputTime} from '../../model/output-time.ts';
import type {ColourDepth} from './colour-depth.ts';
import {historyText, isBlank, viewText} from './console-text.ts';
import {CursorVisibility} from './cursor-visibility.ts';
import {type FrameClock, FrameLimit} from './frame-limit.ts';
import {keyBytes} from './key-bytes.ts';
import {LineTimes, TIME_COLUMNS, timeCells} from './line-times.ts';
import {type OutputFacts, OutputWatch} from './output-watch.ts';
import {rowAnsi} from './row-ansi.ts';
import {ScrollbackSearch, type SearchResult} from './scrollback-search.ts';
import {type ByteSlice, StreamFeed} from './stream-feed.ts';

/** A flood is drawn 30 times per second, an echo as soon as a terminal can show it. */
const FRAME_INTERVALS = {lightMs: 8, heavyMs: 1000 / 30};
/** More than this since the last frame is no echo and no line that somebody waits for. */
const LIGHT_BYTES = 256;
const SCROLLBACK_LINES = 10_000;
/** Answers of the emulator per frame: a guest that asks without end and reads nothing must not fill our memory. */
const REPLY_BYTES_PER_FRAME = 1024;
/** Ends any open sequence, leaves the alternate screen, soft reset: the next boot must not inherit modes. */
const NEW_BOOT = '\x18\x1b[?1047l\x1b[!p';

/** Size of a screen in cells; below 2x1 it is taken as 2x1. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ConsoleTerminalOptions extends TerminalSize {
  /** Colours that the user's terminal shows; default `256`. */
  readonly depth?: ColourDepth;
  readonly clock?: FrameClock;
  /** Wall clock, milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The screen of a guest's console: a terminal emulator fed by a console stream, which it owns and disposes.
 * The guest's own escape sequences end here. What comes out of `rows` is printable text and SGR, and what the emulator
 * answers to queries goes back to the guest, for live bytes only.
 */
export class ConsoleTerminal implements Disposable {
  readonly #stream: ConsoleStream;
  readonly #depth: ColourDepth;
  readonly #term: xterm.Terminal;
  readonly #cursor: CursorVisibility;
  readonly #feed: StreamFeed;
  readonly #frames: FrameLimit;
  readonly #search: ScrollbackSearch;
  readonly #watch = new OutputWatch();
  readonly #times: LineTimes;
  /** Of the slices that are not parsed yet. */
  #timesAhead: (OutputTime | undefined)[] = [];
  #showsTimes = false;
  readonly #now: () => number;
  readonly openedAtMs: number;
  readonly #changeEmitter = new Emitter<void>();
  readonly #owned = new DisposableStore();
  #revision = 0;
  #drawn: {readonly revision: number; readonly cursor: boolean; readonly rows: readonly string[]} | undefined;
  #replyBytesLeft = REPLY_BYTES_PER_FRAME;
  #bytesSinceFrame = 0;
  #wasLive: boolean;

  constructor(stream: ConsoleStream, options: ConsoleTerminalOptions) {
    this.#stream = stream;
    this.#depth = options.depth ?? '256';
    this.#now = options.now ?? Date.now;
    this.openedAtMs = this.#now();
    this.#wasLive = stream.status.is === 'live';
    const {columns, rows} = clampSize(options);
    this.#term = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.#frames = new FrameLimit(() => this.#handleFrame(), FRAME_INTERVALS, options.clock);
    this.#search = new ScrollbackSearch(this.#term);
    this.#times = new LineTimes(this.#term);
    this.#owned.add(stream);
    this.#owned.add(this.#term);
    this.#owned.add(this.#frames);
    this.#cursor = this.#owned.add(new CursorVisibility(this.#term));
    this.#owned.add(this.#term.onData(reply => this.#handleReply(reply)));
    this.#owned.add(this.#term.onWriteParsed(() => this.#touch()));
    this.#owned.add(stream.onStatus(status => this.#handleStatus(status)));
    this.#feed = this.#owned.add(new StreamFeed(stream, (slice, parsed) => this.#write(slice, parsed)));
  }

  get device(): ConsoleDevice {
    return this.#stream.device;
  }

  get status(): ConsoleStatus {
    return this.#stream.status;
  }

  /** Bytes of this boot that are older than the history that was kept. */
  get skippedBytes(): number {
    return this.#stream.skippedBytes;
  }

  /** What came from the guest in this boot, as far as it was delivered. */
  get output(): OutputFacts {
    return this.#watch.facts;
  }

  /** Whether there is nothing at all to see, also further back. */
  get isBlank(): boolean {
    return isBlank(this.#term);
  }

  /** Bytes of the guest that are not on the screen yet. */
  get pendingBytes(): number {
    return this.#feed.pendingBytes;
  }

  get size(): TerminalSize {
    return {columns: this.#term.cols, rows: this.#term.rows};
  }

  /** Counts the changes that `onChange` told: the same number means the same rows. */
  get revision(): number {
    return this.#revision;
  }

  /** Lines between what is shown and the newest output; 0 follows the output. */
  get scrollOffset(): number {
    const {baseY, viewportY} = this.#term.buffer.active;
    return baseY - viewportY;
  }

  /**
   * The screen, one text with SGR sequences per row, each exactly `size.columns` cells wide, and `TIME_COLUMNS` more with times.
   *
   * @param cursor  true draws the guest's cursor as an inverse cell, unless the guest hides it
   * @returns the same array until the next change
   */
  rows(cursor = false): readonly string[] {
    const drawn = this.#drawn;
    if (drawn?.revision === this.#revision && drawn.cursor === cursor) return drawn.rows;
    const rows = this.#drawRows(cursor);
    this.#drawn = {revision: this.#revision, cursor, rows};
    return rows;
  }

  /** Tells that `rows` changed: at most 30 times per second for a guest that writes much, at once for a call from here. */
  onChange(listener: () => void): Disposable {
    return this.#changeEmitter.on(listener);
  }

  /** Gives the screen another size, that of the times in front of it included; text that is wrapped flows anew. */
  resize(size: TerminalSize): void {
    const {columns, rows} = clampSize({...size, columns: size.columns - (this.#showsTimes ? TIME_COLUMNS : 0)});
    if (columns === this.#term.cols && rows === this.#term.rows) return;
    this.#times.around(() => this.#term.resize(columns, rows));
    this.#changed();
  }

  /** Shows when each line came in front of it, or no longer. */
  toggleTimes(): void {
    const {columns, rows} = this.size;
    this.#showsTimes = !this.#showsTimes;
    this.resize({columns: this.#showsTimes ? columns : columns + TIME_COLUMNS, rows});
    this.#changed();
  }

  /**
   * Sends keys to the guest as the user's terminal sent them, and shows the newest output again.
   *
   * @throws {VirtError} OPERATION_INVALID when the guest is off
   */
  type(keys: string): void {
    this.#stream.write(keyBytes(keys, this.#term.modes.applicationCursorKeysMode));
    this.followOutput();
  }

  /** Takes the right to type. @throws {VirtError} as `ConsoleStream.claim` */
  claim(force: boolean): void {
    this.#stream.claim({force});
  }

  /** Gives it back. */
  release(): void {
    this.#stream.release();
  }

  /** Moves the view by lines, back into the history when negative. The view stays there while the guest goes on writing. */
  scroll(lines: number): void {
    const before = this.scrollOffset;
    this.#term.scrollLines(lines);
    if (this.scrollOffset !== before) this.#changed();
  }

  /** Shows the newest output, and what follows. */
  followOutput(): void {
    if (this.scrollOffset > 0) this.scroll(this.scrollOffset);
  }

  /** What is looked for, and how often it was found; undefined without a search. */
  get found(): SearchResult | undefined {
    return this.#search.result;
  }

  /** Looks for a text in the history, from what is shown upwards; an empty text ends the search. */
  search(text: string): void {
    const {viewportY} = this.#term.buffer.active;
    this.#reveal(this.#search.begin(text, viewportY + this.#term.rows - 1));
  }

  /** Goes to the next match (1) or the one before (-1). */
  stepSearch(step: 1 | -1): void {
    this.#reveal(this.#search.step(step));
  }

  /** The rows that are shown, as text. */
  get viewText(): string {
    return viewText(this.#term);
  }

  /** Everything that was kept, as text. */
  get historyText(): string {
    return historyText(this.#term);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #write({bytes, live, time}: ByteSlice, parsed: () => void): void {
    this.#bytesSinceFrame += bytes.length;
    this.#watch.take(bytes, live ? this.#now() : undefined);
    this.#timesAhead.push(time);
    if (this.#timesAhead.length === 1) this.#beginTime();
    this.#term.write(bytes, () => {
      this.#timesAhead.shift();
      this.#beginTime();
      parsed();
    });
  }

  /** The emulator stands before the next slice. */
  #beginTime(): void {
    const time = this.#timesAhead[0];
    if (time) this.#times.begin(time);
  }

  #touch(): void {
    this.#frames.touch(this.#bytesSinceFrame > LIGHT_BYTES ? 'heavy' : 'light');
  }

  /** A row that is not shown comes into the middle, with what is around it. */
  #reveal(row: number | undefined): void {
    const {viewportY} = this.#term.buffer.active;
    const {rows} = this.#term;
    if (row !== undefined && (row < viewportY || row >= viewportY + rows))
      this.#term.scrollToLine(Math.max(0, row - Math.floor(rows / 2)));
    this.#changed();
  }

  #drawRows(cursor: boolean): readonly string[] {
    const depth = this.#depth;
    const {cols: columns, rows} = this.#term;
    const buffer = this.#term.buffer.active;
    const scratch = buffer.getNullCell();
    const cursorY = cursor && this.#cursor.visible ? buffer.baseY + buffer.cursorY : -1;
    const cursorX = Math.min(buffer.cursorX, columns - 1);
    return Array.from({length: rows}, (_, y) => {
      const index = buffer.viewportY + y;
      const cursorColumn = index === cursorY ? cursorX : undefined;
      const marks = this.#search.marks(index);
      const row = rowAnsi(buffer.getLine(index), {columns, depth, cursorColumn, marks}, scratch);
      return this.#showsTimes ? timeCells(this.#times.timeOf(index)) + row : row;
    });
  }

  #handleReply(reply: string): void {
    if (!this.#feed.isParsingLive || this.status.is !== 'live') return;
    if (reply.length > this.#replyBytesLeft) return;
    this.#replyBytesLeft -= reply.length;
    this.#stream.write(new TextEncoder().encode(reply));
  }

  #handleStatus(status: ConsoleStatus): void {
    const isLive = status.is === 'live';
    if (isLive && !this.#wasLive) {
      this.#term.write(NEW_BOOT);
      this.#watch.reset();
    }
    this.#wasLive = isLive;
    this.#changed();
  }

  #handleFrame(): void {
    this.#replyBytesLeft = REPLY_BYTES_PER_FRAME;
    this.#bytesSinceFrame = 0;
    this.#changed();
  }

  #changed(): void {
    this.#revision += 1;
    this.#changeEmitter.emit();
  }
}

function clampSize(size: TerminalSize): TerminalSize {
  return {columns: Math.max(2, size.columns), rows: Math.max(1, size.rows)};
}
