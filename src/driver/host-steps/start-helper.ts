import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {open} from 'node:fs/promises';
import {dirname} from 'node:path';
import {VirtError} from '../../base/virt-error.ts';
import {fileError, fileExists, readTextFrom} from '../../host/files.ts';
import {giveFile} from '../../host/give-file.ts';
import {waitForChange} from '../../host/wait-for.ts';
import type {HelperProgram} from './host-step.ts';

/** A helper listens within milliseconds, on a busy host within seconds. */
const START_TIMEOUT_MS = 30_000;
const ENVIRONMENT = {LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'};

/** Names its process before it becomes the program, so that there is no moment in which nobody knows it. */
const ANNOUNCE = 'cat "/proc/$$/stat" >"$0" && exec "$@"';

/**
 * Starts a program that serves an emulator, in a session of its own, and waits until it listens.
 *
 * @throws {VirtError} SYSTEM_ERROR with the program's own words when it ends before
 */
export async function startHelper(helper: HelperProgram): Promise<void> {
  const log = await open(helper.logPath, 'a', 0o600).catch((error: unknown) => {
    throw fileError('write', helper.logPath, error);
  });
  const ended = new AbortController();
  try {
    const child = spawn('/bin/sh', ['-c', ANNOUNCE, helper.pidFile, helper.program, ...helper.args], {
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.once('exit', () => ended.abort());
    await once(child, 'spawn');
    child.unref();
  } catch (cause) {
    throw new VirtError('SYSTEM_ERROR', 'QEMU', `cannot start ${helper.what}: no shell can be started`, {cause});
  } finally {
    await log.close();
  }
  const listens = await waitForChange(
    dirname(helper.socket),
    async () => ((await fileExists(helper.socket)) ? true : undefined),
    {timeoutMs: START_TIMEOUT_MS, signal: ended.signal},
  );
  if (listens) {
    if (helper.socketOwner) await giveFile(helper.socket, 'socket', helper.socketOwner);
    return;
  }
  const why = ended.signal.aborted ? 'it ended at once' : `it did not listen within ${START_TIMEOUT_MS / 1000} s`;
  throw new VirtError('SYSTEM_ERROR', 'QEMU', `cannot start ${helper.what} (${helper.program}): ${why}`, {
    detail: (await readTextFrom(helper.logPath, 0, 8192)).split('\n').filter(line => line.trim() !== ''),
  });
}
