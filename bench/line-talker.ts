import {constants, openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {spawn} from 'node-pty';
import {within} from './deadline.ts';
import {cpuNsOf, workingPid} from './process-cost.ts';

const DEADLINE_MS = 30_000;
const GREETING_MS = 500;
/** As much as an answer that is waited for may be long. */
const KEPT_CHARACTERS = 200;

/** One end of a guest's line: types, and sees what comes. */
export interface LineTalker {
  type(text: string): void;
  /** What is told everything that comes. */
  onText(listener: (text: string) => void): void;
  /** Of the process between, in nanoseconds; 0 where there is none. */
  cpuNs(): number;
  close(): Promise<void>;
}

/** The line itself: the guest's pty, opened by this process. */
export function talkOnPty(path: string): LineTalker {
  const line = new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
  line.setRawMode(true);
  return {
    type: text => line.write(text),
    onText: listener => line.removeAllListeners('data').on('data', chunk => listener(String(chunk))),
    cpuNs: () => 0,
    close: async () => void line.destroy(),
  };
}

/** A program on a terminal of its own that stands between. */
export function talkThrough([file, ...args]: readonly [string, ...string[]]): LineTalker {
  const {CI: _, ...env} = process.env;
  const pty = spawn(file, args, {cols: 80, rows: 24, env: {...env, TERM: 'xterm-256color'}});
  const exited = new Promise<void>(resolve => pty.onExit(() => resolve()));
  let tell: (text: string) => void = () => {};
  pty.onData(text => tell(text));
  return {
    type: text => pty.write(text),
    onText: listener => {
      tell = listener;
    },
    cpuNs: () => cpuNsOf(workingPid(pty.pid)),
    close: async () => {
      pty.kill('SIGTERM');
      await within(DEADLINE_MS, `the end of ${file}`, exited).catch(error => {
        pty.kill('SIGKILL');
        throw error;
      });
    },
  };
}

/**
 * Types something and waits for what comes at the end of the answer.
 *
 * @param minBytes  so much has to come before
 * @returns milliseconds from typing to seeing; @throws {Error} when it does not come
 */
export async function exchange(
  talker: LineTalker,
  typed: string,
  wanted: string,
  {minBytes = 0, deadlineMs = DEADLINE_MS}: {readonly minBytes?: number; readonly deadlineMs?: number} = {},
): Promise<number> {
  const {promise, resolve} = Promise.withResolvers<number>();
  const start = performance.now();
  let [bytes, seen] = [0, ''];
  talker.onText(text => {
    bytes += text.length;
    seen = (seen + text).slice(-KEPT_CHARACTERS);
    if (bytes >= minBytes && seen.endsWith(wanted)) resolve(performance.now() - start);
  });
  talker.type(typed);
  return within(deadlineMs, `the answer ${JSON.stringify(wanted)} to ${JSON.stringify(typed)}`, promise);
}

/** Types Enter until there is a prompt: a program is not connected at once, and QEMU notices a new reader up to a second late. */
export async function greet(talker: LineTalker, prompt: string): Promise<void> {
  for (let tries = DEADLINE_MS / GREETING_MS; ; tries--) {
    try {
      await exchange(talker, '\r', prompt, {deadlineMs: GREETING_MS});
      return;
    } catch (error) {
      if (tries <= 0) throw error;
    }
  }
}
