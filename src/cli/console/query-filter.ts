const ESC = 0x1b;
const BEL = 0x07;
const ENQ = 0x05;
/** A sequence longer than this is no sequence: it is let through as it is. */
const MAX_SEQUENCE_BYTES = 4096;

/**
 * Takes out of a guest's earlier output what a terminal would answer: the guest that asked is not waiting any more, and
 * the answers would be typed into it. Removed are ENQ, DECID, DCS strings, and the CSI sequences that ask for device
 * attributes (`c`), status and cursor (`n`), modes (`$p`), window (`t`), terminal parameters (`x`), version (`>q`),
 * keyboard flags (`?u`), and OSC strings with a question mark.
 * Source: xterm control sequences (ctlseqs), sections "Functions using CSI" and "Operating System Commands".
 */
export class QueryFilter {
  /** The beginning of a sequence whose end is not here yet. */
  #held: number[] = [];

  /** @returns the bytes to show; a sequence that is cut off waits for the next call */
  push(bytes: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) this.#take(byte, out);
    return Uint8Array.from(out);
  }

  /** What is still held back, at the end of the history: an unfinished sequence is shown as it is. */
  flush(): Uint8Array {
    return Uint8Array.from(this.#held.splice(0));
  }

  #take(byte: number, out: number[]): void {
    if (this.#held.length === 0) {
      if (byte === ESC) this.#held.push(byte);
      else if (byte !== ENQ) out.push(byte);
      return;
    }
    this.#held.push(byte);
    if (!isComplete(this.#held) && this.#held.length < MAX_SEQUENCE_BYTES) return;
    const sequence = this.#held.splice(0);
    if (!isQuery(String.fromCharCode(...sequence))) out.push(...sequence);
  }
}

/** Whether a sequence that begins with ESC has its end. */
function isComplete(held: readonly number[]): boolean {
  const [, kind, ...rest] = held;
  const last = held.at(-1) ?? 0;
  if (kind === undefined) return false;
  if (kind === 0x5b) return rest.length > 0 && last >= 0x40 && last <= 0x7e;
  const isString = kind === 0x5d || kind === 0x50 || kind === 0x58 || kind === 0x5e || kind === 0x5f;
  if (isString) return last === BEL || (last === 0x5c && held.at(-2) === ESC && rest.length > 1);
  return last < 0x20 || last > 0x2f;
}

function isQuery(sequence: string): boolean {
  return (
    sequence === '\x1bZ' ||
    sequence.startsWith('\x1bP') ||
    /^\x1b\[[<-?]?[0-9;]*(?:[cnx]|\$p)$/.test(sequence) ||
    /^\x1b\[(?:>[0-9;]*q|\?u|(?:1[1-9]|2[01])(?:;[0-9;]*)?t)$/.test(sequence) ||
    /^\x1b\][^\x07\x1b]*\?/.test(sequence)
  );
}
