import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, constants, openSync} from 'node:fs';
import {VirtError} from '../../base/virt-error.ts';
import {fileError} from '../../host/files.ts';

const ENVIRONMENT = {LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'};

/** coreutils' stty waits for output and keeps input. */
const COPY = 'stty raw -echo; exec cat';

/**
 * Writes everything that a guest says on a line into a log, as QEMU itself does from 2.6 on (`logfile=`): by a program of
 * its own in a session of its own, so that nothing is lost and the guest does not stall while nobody looks. It ends when
 * the emulator does.
 *
 * @param pty  from now on to be opened for writing only
 * @throws {VirtError} SYSTEM_ERROR
 */
export async function keepLine(pty: string, log: string): Promise<void> {
  const ptyFd = openFor(pty, constants.O_RDWR | constants.O_NOCTTY);
  try {
    const logFd = openFor(log, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
    try {
      const options = {cwd: '/', env: ENVIRONMENT, detached: true};
      const child = spawn('/bin/sh', ['-c', COPY], {...options, stdio: [ptyFd, logFd, 'ignore']});
      await once(child, 'spawn');
      child.unref();
    } finally {
      closeSync(logFd);
    }
  } catch (cause) {
    if (cause instanceof VirtError) throw cause;
    throw new VirtError('SYSTEM_ERROR', 'QEMU', `cannot start a shell that reads the line ${pty}`, {cause});
  } finally {
    closeSync(ptyFd);
  }
}

function openFor(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    throw fileError('open the serial line', path, error);
  }
}
