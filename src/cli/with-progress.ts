import type {CliIo} from './cli-io.ts';

const PATIENCE_MS = 1000;

/**
 * Waits for something, and after a second tells a person at a terminal what is waited for. The line is removed when
 * the wait ends.
 *
 * @param what  e.g. `starting 'web'`; safe text
 */
export async function withProgress<T>(io: CliIo, what: string, work: Promise<T>): Promise<T> {
  let shown = false;
  const timer = io.after(PATIENCE_MS, () => {
    if (io.stderr.isTTY !== true) return;
    shown = true;
    io.err(`${what} ...`);
  });
  try {
    return await work;
  } finally {
    timer.dispose();
    if (shown) io.err('\r\x1b[K');
  }
}
