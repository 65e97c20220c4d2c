import {errnoOf} from '../host/files.ts';
import {removeTree} from '../host/remove-tree.ts';
import {connectQmp} from '../monitor/connect-monitor.ts';
import type {QmpClient} from '../monitor/qmp-client.ts';
import {asString, field} from '../monitor/qmp-json.ts';
import {takeBackAll} from './host-steps/take-back.ts';
import {domainRunDir, guestRunDir, type InstancePaths, monitorPath} from './instance-paths.ts';

const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Clears up after starts that were cut short between the emulator and its status file, by a SIGKILL of virtty or a crash
 * of the host. Such a guest has not run yet: its emulator is ended. One that runs is left alone.
 *
 * @param uuids  of runtime directories without a status that can be read
 * @returns a sentence for each that could not be cleared
 */
export async function clearAbortedStarts(uuids: readonly string[], paths: InstancePaths): Promise<readonly string[]> {
  return (await Promise.all(uuids.map(uuid => clearOne(uuid, paths)))).flat();
}

async function clearOne(uuid: string, paths: InstancePaths): Promise<readonly string[]> {
  const directory = domainRunDir(paths, uuid);
  // Earlier versions had the sockets in the directory itself.
  const monitor = (await connect(monitorPath(guestRunDir(paths, uuid)))) ?? (await connect(monitorPath(directory)));
  if (monitor === 'unanswered')
    return [`${directory} belongs to an emulator that does not answer its monitor: look at it by hand`];
  if (monitor) {
    try {
      const status = field(await monitor.execute('query-status'), 'status', asString, 'query-status');
      if (status !== 'prelaunch')
        return [`${directory} has lost its status file, and its guest is ${status}: look at it by hand`];
      await monitor.execute('quit');
    } finally {
      monitor.dispose();
    }
  }
  const failures = await takeBackAll(directory);
  await removeTree(directory);
  return failures;
}

/** @returns undefined when nobody listens there */
async function connect(path: string): Promise<QmpClient | 'unanswered' | undefined> {
  try {
    return await connectQmp(path, {timeoutMs: ANSWER_TIMEOUT_MS});
  } catch (error) {
    const cause = error instanceof Error ? errnoOf(error.cause) : undefined;
    return cause === 'ENOENT' || cause === 'ECONNREFUSED' || cause === 'ENOTDIR' ? undefined : 'unanswered';
  }
}
