import type {TextRows} from './text-rows.ts';

export const HMP_PROMPT = '(qemu) ';

/** What the rows since a command was written say of its answer. */
export type HmpProgress =
  /** Nothing yet, or not all of it. */
  | {readonly is: 'open'}
  /** All of it; `sure` is false where it may go on, since the prompt is in the middle of a row. */
  | {readonly is: 'answered'; readonly text: string; readonly sure: boolean}
  /** The monitor wants to know something first. */
  | {readonly is: 'asked'; readonly question: HmpQuestion; readonly sure: boolean};

export interface HmpQuestion {
  readonly for: 'password' | 'confirmation';
  /** What it has said since the command, the question last. */
  readonly text: string;
}

/** `Password: ` of encrypted images and of VNC. Source: QEMU 0.8.1 to 0.15, monitor.c, monitor_read_password. */
const PASSWORD = /(?:^|[^\w])(?:password|passphrase)[^:\n]{0,40}: ?$/i;
const CONFIRMATION = /[([](?:y\/n|yes\/no)[)\]]\s*\??:?\s*$/i;

/**
 * Reads the rows of a monitor that was sent a command: what it is at, and the text between the command's echo and the prompt.
 *
 * The answer begins after the row that the command stands on, alone or after a prompt. Rows before it are of something else:
 * QEMU 0.12 reports devices of the host in the middle of an echo. It ends before the first row that begins with the prompt,
 * also when something follows on that row, or with the prompt at the end of what came.
 */
export class HmpAnswerReader {
  readonly #rows: TextRows;
  readonly #echo: string;
  /** Where the answer begins, once the echo was seen. */
  #start: number | undefined;
  #scanned = 0;

  /** @param echo  as the monitor shows what was written: the command, or a star for each character of a password */
  constructor(rows: TextRows, echo: string) {
    this.#rows = rows;
    this.#echo = echo;
  }

  /** Looks at the rows as they are now. They may only have grown since the last time. */
  read(): HmpProgress {
    const {ended, current} = this.#rows;
    for (; this.#scanned < ended.length; this.#scanned += 1) {
      const row = ended[this.#scanned] ?? '';
      if (this.#start === undefined) {
        if (isEcho(row, this.#echo)) this.#start = this.#scanned + 1;
      } else if (row.startsWith(HMP_PROMPT)) {
        return {is: 'answered', text: textOf(ended.slice(this.#start, this.#scanned)), sure: true};
      }
    }
    return this.#start === undefined ? {is: 'open'} : readLastRow(ended, this.#start, current);
  }
}

/** What a monitor says by itself when it is opened. */
export function readHmpGreeting(rows: TextRows): HmpProgress {
  return readLastRow(rows.ended, 0, rows.current);
}

/** What the monitor asks on its last row, when it is not a command that it waits for. */
export function openQuestion(rows: TextRows): HmpQuestion | undefined {
  const progress = readLastRow(rows.ended, 0, rows.current);
  return progress.is === 'asked' ? progress.question : undefined;
}

function readLastRow(ended: readonly string[], start: number, current: string): HmpProgress {
  if (current.endsWith(HMP_PROMPT)) {
    const last = current.slice(0, -HMP_PROMPT.length);
    const rows = ended.slice(start);
    return {is: 'answered', text: textOf(last === '' ? rows : [...rows, last]), sure: last === ''};
  }
  const kind = PASSWORD.test(current) ? 'password' : CONFIRMATION.test(current) ? 'confirmation' : undefined;
  if (kind === undefined) return {is: 'open'};
  const text = textOf([...ended.slice(start), current.trimEnd()]).trimEnd();
  return {is: 'asked', question: {for: kind, text}, sure: current === 'Password: '};
}

function isEcho(row: string, echo: string): boolean {
  return row === echo || row.endsWith(`${HMP_PROMPT}${echo}`);
}

/** Rows as text with a line end after each, its bytes as UTF-8. */
function textOf(rows: readonly string[]): string {
  return rows.map(row => `${Buffer.from(row, 'latin1').toString('utf8')}\n`).join('');
}
