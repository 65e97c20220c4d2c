/** What a terminal answers when it is asked who it is. */
export type TerminalReply =
  /** Primary device attributes (DA1). Source: xterm 397, ctlseqs, `CSI Ps c`. */
  | {readonly is: 'attributes'; readonly numbers: readonly number[]}
  /** Name and version (XTVERSION), printable ASCII. Source: xterm 397, ctlseqs, `CSI > Ps q`. */
  | {readonly is: 'version'; readonly text: string}
  /** In pixels: of a cell, or of all cells together. Source: xterm 397, ctlseqs, `CSI 16 t` and `CSI 14 t`. */
  | {readonly is: 'cell-size' | 'text-size'; readonly width: number; readonly height: number}
  /** Source: kitty, Terminal graphics protocol, "Querying support". */
  | {readonly is: 'kitty'; readonly isOk: boolean};

/** No reply that is asked for is longer. */
const MAX_REPLY_BYTES = 256;
const ATTRIBUTES = /^\x1b\[\?([0-9;]*)c/;
const SIZE = /^\x1b\[([46]);([0-9]{1,5});([0-9]{1,5})t/;
const VERSION = /^\x1bP>\|([ -~]*)\x1b\\/;
const KITTY = /^\x1b_G[ -:<-~]*;([ -~]*)\x1b\\/;
/** The beginning of one of them. */
const BEGINNING = /^\x1b(?:\[(?:\?[0-9;]*|[46](?:;[0-9]*){0,2})?|P(?:>(?:\|[ -~]*\x1b?)?)?|_(?:G[ -~]*\x1b?)?)?$/;

/**
 * Reads the reply at the beginning of what a terminal has sent.
 *
 * @returns `more` while the bytes may still become one, undefined where they are something else
 */
export function readReply(
  bytes: Uint8Array,
): {readonly reply: TerminalReply; readonly length: number} | 'more' | undefined {
  const head = Buffer.from(bytes.subarray(0, MAX_REPLY_BYTES)).toString('latin1');
  const made = (length: number, reply: TerminalReply) => ({reply, length});
  const attributes = ATTRIBUTES.exec(head);
  if (attributes) {
    const numbers = (attributes[1] ?? '').split(';').map(Number);
    return made(attributes[0].length, {is: 'attributes', numbers});
  }
  const size = SIZE.exec(head);
  if (size) {
    const is = size[1] === '6' ? 'cell-size' : 'text-size';
    return made(size[0].length, {is, height: Number(size[2]), width: Number(size[3])});
  }
  const version = VERSION.exec(head);
  if (version) return made(version[0].length, {is: 'version', text: version[1] ?? ''});
  const kitty = KITTY.exec(head);
  if (kitty) return made(kitty[0].length, {is: 'kitty', isOk: kitty[1] === 'OK'});
  return BEGINNING.test(head) && head.length < MAX_REPLY_BYTES ? 'more' : undefined;
}
