import type {CliIo} from './cli-io.ts';

const PATIENCE_MS = 1000;

/**
 * Waits for something, and after a second tells a person at a terminal what is waited for. The line is removed when
 * the wait ends.
 *
 * @param what  e.g. `starting 'web'`; safe text
 * @param work  may be a function that is given one by which it says how far it is
 */
export async function withProgress<T>(
  io: CliIo,
  what: string,
  work: Promise<T> | ((tell: (howFar: string) => void) => Promise<T>),
): Promise<T> {
  let [shown, told] = [false, ''];
  const timer = io.after(PATIENCE_MS, () => {
    if (io.stderr.isTTY !== true) return;
    shown = true;
    io.err(`${what} ...${told}`);
  });
  const tell = (howFar: string) => {
    const before = told;
    told = ` ${howFar}`;
    if (shown && told !== before) io.err(`\r\x1b[K${what} ...${told}`);
  };
  try {
    return await (typeof work === 'function' ? work(tell) : work);
  } finally {
    timer.dispose();
    if (shown) io.err('\r\x1b[K');
  }
}
