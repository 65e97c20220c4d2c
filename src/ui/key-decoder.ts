import {PASTE_BEGIN} from './paste-reader.ts';

/** One key as the terminal sent it. `name` is a character (`a`, `K`, `/`, a space) or a word such as `enter`, `ctrl-c`, `pgup`. */
export interface Key {
  readonly name: string;
  /** Bytes of the input that it took. */
  readonly length: number;
}

/** The mark before text that is pasted: what follows it is never taken for keys. */
export interface PasteMark {
  readonly isPaste: true;
  readonly length: number;
}

const ESC = 0x1b;

/** What xterm, the Linux console, rxvt and PuTTY send for keys without a character, after ESC. Source: xterm ctlseqs, console_codes(4). */
const SEQUENCES: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  '[Z': 'shift-tab',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end',
  OM: 'enter',
  OP: 'f1',
  OQ: 'f2',
  OR: 'f3',
  OS: 'f4',
  '[1~': 'home',
  '[2~': 'insert',
  '[3~': 'delete',
  '[4~': 'end',
  '[5~': 'pgup',
  '[6~': 'pgdn',
  '[7~': 'home',
  '[8~': 'end',
  '[11~': 'f1',
  '[12~': 'f2',
  '[13~': 'f3',
  '[14~': 'f4',
  '[15~': 'f5',
  '[17~': 'f6',
  '[18~': 'f7',
  '[19~': 'f8',
  '[20~': 'f9',
  '[21~': 'f10',
  '[23~': 'f11',
  '[24~': 'f12',
  '[[A': 'f1',
  '[[B': 'f2',
  '[[C': 'f3',
  '[[D': 'f4',
  '[[E': 'f5',
};

const CONTROLS: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  127: 'backspace',
};

/**
 * Reads the key at the beginning of `bytes`.
 *
 * @param isFinal  true when nothing more follows soon: a lone ESC is then the Escape key
 * @returns undefined when more bytes are needed
 */
export function decodeKey(bytes: Uint8Array, isFinal: boolean): Key | PasteMark | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === ESC) return decodeEscape(bytes, isFinal);
  if (first < 0x20 || first === 0x7f) return {name: CONTROLS[first] ?? controlName(first), length: 1};
  const length = utf8Length(first);
  if (bytes.length < length) return isFinal ? {name: '\ufffd', length: bytes.length} : undefined;
  return {name: decodeUtf8(bytes.subarray(0, length)), length};
}

function decodeEscape(bytes: Uint8Array, isFinal: boolean): Key | PasteMark | undefined {
  const head = latin1(bytes.subarray(0, 32));
  if (head.startsWith(PASTE_BEGIN)) return {isPaste: true, length: PASTE_BEGIN.length};
  const match = /^\x1b(\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[A-Za-z])/.exec(head);
  if (match) return {name: SEQUENCES[match[1] ?? ''] ?? 'unknown', length: match[0].length};
  const isPrefix = /^\x1b(\[[0-?]*[ -/]*|\[\[?|O)?$/.test(head) && head.length < 32;
  if (isPrefix && !isFinal) return undefined;
  return {name: 'esc', length: 1};
}

/** `ctrl-a` and so on; 0x1d is `ctrl-]`. */
function controlName(code: number): string {
  return `ctrl-${String.fromCharCode(code + 0x40).toLowerCase()}`;
}

function utf8Length(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function decodeUtf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
