/** One sequence of the few that a text monitor sends, a line end, or a stretch of plain text. */
const PIECE = /\x1b\[(\d*)([A-Za-z])|\n|\r|\x07|[^\x1b\n\r\x07]+|\x1b(?!\[|$)/g;
/** The start of a sequence at the end of what has come so far. */
const UNFINISHED = /\x1b(?:\[\d*)?$/;

/**
 * What a text monitor has written, as the rows of a terminal that is as wide as they are: the monitor redraws its line at
 * every character, with the cursor to the left (`ESC [ D`) and the rest of the row erased (`ESC [ K`).
 *
 * Bytes are kept as characters of one byte each, since the monitor moves over bytes, not over characters.
 *
 * @see QEMU 0.9.1, readline.c, term_update
 */
export class TextRows {
  readonly #maxChars: number;
  readonly #rows: string[] = [];
  #row = '';
  #cursor = 0;
  #pending = '';
  #chars = 0;

  /** @param maxChars  so much text is kept at most, of all rows together */
  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** Rows that a line end has ended, oldest first. */
  get ended(): readonly string[] {
    return this.#rows;
  }

  /** The row that the cursor is on. */
  get current(): string {
    return this.#row;
  }

  /** Forgets the oldest of the rows that were ended. */
  keepNewest(count: number): void {
    for (const row of this.#rows.splice(0, Math.max(0, this.#rows.length - count))) this.#chars -= row.length + 1;
  }

  clear(): void {
    this.#rows.length = 0;
    this.#row = '';
    this.#cursor = 0;
    this.#chars = 0;
  }

  /**
   * Takes what has come. A piece may end anywhere.
   *
   * @returns false when it is more than there is room for
   */
  push(bytes: Buffer): boolean {
    const text = this.#pending + bytes.toString('latin1');
    this.#pending = UNFINISHED.exec(text)?.[0] ?? '';
    for (const piece of text.slice(0, text.length - this.#pending.length).matchAll(PIECE)) this.#take(piece);
    return this.#chars + this.#row.length <= this.#maxChars;
  }

  #take([piece, count, final]: RegExpExecArray): void {
    if (piece === '\n') this.#endRow();
    else if (piece === '\r') this.#cursor = 0;
    else if (final === 'D') this.#cursor = Math.max(0, this.#cursor - Number(count || '1'));
    else if (final === 'C') this.#cursor = Math.min(this.#row.length, this.#cursor + Number(count || '1'));
    else if (final === 'K') this.#row = this.#row.slice(0, this.#cursor);
    else if (piece !== undefined && piece !== '\x07' && !piece.startsWith('\x1b')) this.#write(piece);
  }

  #write(text: string): void {
    const end = this.#cursor + text.length;
    if (this.#cursor === this.#row.length) this.#row += text;
    else this.#row = this.#row.slice(0, this.#cursor) + text + this.#row.slice(end);
    this.#cursor = end;
  }

  #endRow(): void {
    this.#rows.push(this.#row);
    this.#chars += this.#row.length + 1;
    this.#row = '';
    this.#cursor = 0;
  }
}
