/** Around pasted text. Source: xterm, ctlseqs, "Bracketed Paste Mode". */
export const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = Buffer.from('\x1b[201~');

/** Twice what the kernel takes as a command line; what is pasted beyond it is dropped. */
export const MAX_PASTE_BYTES = 4 * 1024 * 1024;

/** Gathers what is pasted, which may come in many pieces, up to the mark at its end. Linear in its length. */
export class PasteReader {
  readonly #kept: Uint8Array[] = [];
  #size = 0;
  /** The end of what was read so far, where the mark may have begun. */
  #tail = Buffer.alloc(0);

  /** @returns the bytes used; behind the mark, when it came, begins something else */
  feed(bytes: Uint8Array): {readonly length: number; readonly isDone: boolean} {
    const joined = Buffer.concat([this.#tail, bytes]);
    const at = joined.indexOf(PASTE_END);
    if (at >= 0) {
      this.#keep(joined.subarray(0, at));
      const length = at + PASTE_END.length - this.#tail.length;
      this.#tail = Buffer.alloc(0);
      return {length, isDone: true};
    }
    const settled = Math.max(0, joined.length - PASTE_END.length + 1);
    this.#keep(joined.subarray(0, settled));
    this.#tail = Buffer.from(joined.subarray(settled));
    return {length: bytes.length, isDone: false};
  }

  /** What was pasted, up to the limit. */
  get text(): string {
    return Buffer.concat([...this.#kept, this.#tail]).toString('utf8');
  }

  #keep(bytes: Uint8Array): void {
    const part = bytes.subarray(0, Math.max(0, MAX_PASTE_BYTES - this.#size));
    this.#size += part.length;
    if (part.length > 0) this.#kept.push(Uint8Array.from(part));
  }
}
