import {closeSync, constants, fstatSync, openSync, read, watch} from 'node:fs';
import {ReadStream} from 'node:tty';
import {type Disposable, disposable} from '../base/disposable.ts';
import {fileError} from './files.ts';
import {closeUnusedSlave} from './tty-descriptor.ts';

/** The guest's end of a typed line. What the guest sends there is drained and dropped: its log has it. */
export interface PtySlave extends Disposable {
  /** Bytes that the guest has not taken yet. */
  readonly pendingBytes: number;
  write(bytes: Uint8Array): void;
}

export interface PtyEvents {
  /** The guest has written something. */
  readonly onTraffic: () => void;
  /** The guest is gone. */
  readonly onEnd: () => void;
}

/** A file that only grows, read at one's own pace. It stays the same file when its name goes to another. */
export interface GrowingFile extends Disposable {
  readonly sizeBytes: number;
  /** @returns an empty array at the end */
  read(offset: number, maxBytes: number): Promise<Uint8Array>;
}

/** What a console channel needs of the operating system. */
export interface ConsoleHost {
  openPty(path: string, events: PtyEvents): PtySlave;
  openFile(path: string): GrowingFile;
  /** Calls when the file has grown. */
  watchFile(path: string, onGrowth: () => void): Disposable;
}

/** The real one. */
export const consoleHost: ConsoleHost = {openPty, openFile, watchFile};

/**
 * QEMU looks once a second whether somebody has opened its pty, and reads nothing of one who is gone by then: what was typed
 * just before leaving waits for that. Source: QEMU 7.2, chardev/char-pty.c, pty_chr_state.
 */
const LINGER_MS = 1_100;

/** @throws {VirtError} SYSTEM_ERROR when the pty is gone or not ours */
function openPty(path: string, {onTraffic, onEnd}: PtyEvents): PtySlave {
  let fd: number;
  try {
    // One stream for both directions: a tty.WriteStream blocks the whole process while the guest does not read.
    fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw fileError('open the console', path, error);
  }
  const stream = new ReadStream(fd);
  closeUnusedSlave(stream, fd);
  stream.on('data', onTraffic);
  stream.on('error', () => {}); // EIO: the guest is gone, and 'close' follows
  stream.on('close', onEnd);
  let lastWriteMs = Number.NEGATIVE_INFINITY;
  return {
    get pendingBytes() {
      return stream.writableLength;
    },
    write: bytes => {
      lastWriteMs = performance.now();
      stream.write(bytes);
    },
    dispose: () => {
      const lingerMs = lastWriteMs + LINGER_MS - performance.now();
      if (lingerMs > 0) setTimeout(() => stream.destroy(), lingerMs);
      else stream.destroy();
    },
  };
}

function openFile(path: string): GrowingFile {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    throw fileError('read the console log', path, error);
  }
  const closing = disposable(() => closeSync(fd));
  return {
    get sizeBytes() {
      return fstatSync(fd).size;
    },
    read: (offset, maxBytes) =>
      new Promise((resolve, reject) => {
        const buffer = Buffer.allocUnsafe(maxBytes);
        read(fd, buffer, 0, maxBytes, offset, (error, count) =>
          error ? reject(fileError('read the console log', path, error)) : resolve(buffer.subarray(0, count)),
        );
      }),
    dispose: () => closing.dispose(),
  };
}

function watchFile(path: string, onGrowth: () => void): Disposable {
  const watcher = watch(path, {persistent: false}, onGrowth);
  watcher.on('error', onGrowth);
  return disposable(() => watcher.close());
}
