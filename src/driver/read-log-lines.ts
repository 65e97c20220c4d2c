import {readTextFrom} from '../host/files.ts';

const DEFAULT_LINES = 50;
const MAX_BYTES = 256 * 1024;

/** The newest lines of a domain's log, oldest first, without empty ones; none where there is no log. Outside text. */
export async function readLogLines(path: string, lines = DEFAULT_LINES): Promise<readonly string[]> {
  const text = await readTextFrom(path, 0, MAX_BYTES);
  return text
    .split('\n')
    .filter(line => line !== '')
    .slice(-lines);
}
