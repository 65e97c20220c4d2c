import {closeSync, constants, openSync} from 'node:fs';
import type {Duplex} from 'node:stream';
import {ReadStream} from 'node:tty';
import {fileError} from './files.ts';
import {closeUnusedSlave} from './tty-descriptor.ts';

/**
 * Opens the slave of a pty for both directions and makes it raw, without throwing away what waits in it: an emulator up to
 * 0.9.1 leaves its pty with line ends translated, and has written its banner before anybody opens it.
 *
 * The stream ends when the other side is gone.
 *
 * @throws {VirtError} SYSTEM_ERROR when the pty is gone, not ours, or no terminal
 */
export function openRawPty(path: string): Duplex {
  const fd = openPtySlave(path);
  try {
    // One stream for both directions: a tty.WriteStream blocks the whole process while the other side does not read.
    const stream = new ReadStream(fd);
    closeUnusedSlave(stream, fd);
    stream.setRawMode(true); // libuv waits for output and keeps input: TCSADRAIN
    stream.on('error', () => {}); // EIO: the other side is gone, and 'close' follows
    return stream;
  } catch (error) {
    closeSync(fd);
    throw fileError('open the terminal', path, error);
  }
}

function openPtySlave(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw fileError('open the terminal', path, error);
  }
}
