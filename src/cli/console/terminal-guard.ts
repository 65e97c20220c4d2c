import {type Disposable, disposable} from '../../base/disposable.ts';
import type {CliIo, OutputStream} from '../cli-io.ts';

/**
 * Puts a terminal back as a shell expects it, whatever a guest did to it: mouse, focus and paste reports, keyboard
 * protocols, margins and modes, the alternate screen, then what comes back with the other one. The cursor's place is kept
 * around what would move it. Sources: xterm control sequences (ctlseqs); kitty keyboard protocol.
 */
export const RESET_TERMINAL = [
  '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l', // mouse
  '\x1b[?1004l\x1b[?2004l\x1b[?2026l', // focus reports, bracketed paste, synchronised output
  '\x1b7\x1b[<9u\x1b[>4m\x1b[?6l\x1b[r\x1b8', // keyboard protocols, origin mode, margins
  '\x1b[?1l\x1b>\x1b[4l\x1b[20l\x1b[?7h\x1b[?25h', // cursor keys, keypad, insert, newline mode, wrap, cursor
  '\x1b7\x1b[?1049l', // alternate screen; elsewhere it goes back to the place just kept
  '\x1b7\x1b[r\x1b8', // margins once more: some terminals have them for each screen (xterm.js)
  '\x0f\x1b(B\x1b[0m', // character set, attributes: the other screen's come back with it
].join('');

/**
 * Takes the terminal for a console: keys come one by one and uninterpreted, output passes as it is, and does not stop
 * the program when the line is slow. Disposing puts it back. Without a terminal it does nothing.
 */
export function takeTerminal(io: CliIo): Disposable {
  const {stdin, stdout} = io;
  const raw = stdin.isTTY === true && stdin.setRawMode !== undefined;
  if (raw) {
    stdin.setRawMode?.(true);
    io.keepLineEnds();
  }
  if (stdout.isTTY === true) setBlocking(stdout, false);
  return disposable(() => {
    if (stdout.isTTY === true) {
      setBlocking(stdout, true);
      io.out(`${RESET_TERMINAL}\r\n`);
    }
    if (raw) stdin.setRawMode?.(false);
  });
}

/** A terminal as Node holds it: its handle is not in the types. */
interface BlockingHandle {
  setBlocking(on: boolean): unknown;
}

/** Node writes to a terminal synchronously, which stops everything while the line is stalled; this switches it. */
function setBlocking(stream: OutputStream, on: boolean): void {
  const handle: unknown = '_handle' in stream ? stream._handle : undefined;
  if (isBlockingHandle(handle)) handle.setBlocking(on);
}

function isBlockingHandle(handle: unknown): handle is BlockingHandle {
  return typeof handle === 'object' && handle !== null && 'setBlocking' in handle;
}
