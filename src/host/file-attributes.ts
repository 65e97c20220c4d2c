import {findProgram} from './find-program.ts';
import {runProgram} from './run-program.ts';

const TIMEOUT_MS = 5_000;

/**
 * Which of these files and directories nobody may change, not even root. Node asks for no such attributes, so the program
 * lsattr is asked; without it, and on file systems that have none, none is said to be so.
 *
 * @see chattr(1), `i`
 */
export async function immutableFiles(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const lsattr = paths.length === 0 ? undefined : await findProgram('lsattr');
  if (lsattr === undefined) return new Set();
  const {output} = await runProgram(lsattr, ['-d', '--', ...paths], {timeoutMs: TIMEOUT_MS});
  return parseImmutable(output);
}

/** Reads lines of lsattr(1) such as `----i---------e------- /srv/a.img`. */
export function parseImmutable(text: string): ReadonlySet<string> {
  const found = text.split('\n').flatMap(line => {
    const [, letters = '', path] = /^([-A-Za-z]{8,}) (\/.*)$/.exec(line) ?? [];
    return path !== undefined && letters.includes('i') ? [path] : [];
  });
  return new Set(found);
}
