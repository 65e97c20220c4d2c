import {readTextIfThere, writeTextAtomically} from '../host/files.ts';
import {type InstancePaths, monitorHistoryPath} from './instance-paths.ts';

/** How many lines are kept of what was typed into a domain's monitor. */
export const HISTORY_LINES = 500;

/** Longer lines are not kept: the history is read whole. */
const MAX_LINE_CHARS = 4096;

/** What was typed into a domain's monitor, oldest first. @throws {VirtError} SYSTEM_ERROR */
export async function readMonitorHistory(paths: InstancePaths, uuid: string): Promise<readonly string[]> {
  const text = (await readTextIfThere(monitorHistoryPath(paths, uuid))) ?? '';
  return text.split('\n').filter(line => line !== '');
}

/**
 * Keeps a line, unless it is the newest already, or names a password or a secret, or begins with a space.
 *
 * @throws {VirtError} SYSTEM_ERROR
 */
export async function addToMonitorHistory(paths: InstancePaths, uuid: string, line: string): Promise<void> {
  if (!isKept(line)) return;
  const known = await readMonitorHistory(paths, uuid);
  if (known.at(-1) === line) return;
  const lines = [...known, line].slice(-HISTORY_LINES);
  await writeTextAtomically(monitorHistoryPath(paths, uuid), `${lines.join('\n')}\n`, {sync: false});
}

function isKept(line: string): boolean {
  return line !== '' && line.length <= MAX_LINE_CHARS && !/^ |[\r\n]|passw|secret/i.test(line);
}
