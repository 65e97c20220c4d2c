import {closeSync, constants, fstatSync, openSync, read, readSync} from 'node:fs';
import {connect} from 'node:net';
import {ReadStream} from 'node:tty';
import {type Disposable, disposable} from '../base/disposable.ts';
import {Burst} from './burst.ts';
import {errnoOf, fileError, readTextNow} from './files.ts';
import {closeUnusedSlave} from './tty-descriptor.ts';
import {type TypingRight, typingRight} from './typing-right.ts';
import {watchGrowth} from './watch-growth.ts';

/** This process's end of a guest's line. What the guest sends is drained, whoever wants it or not. */
export interface LineEnd extends Disposable {
  /** Bytes that the guest has not taken yet. */
  readonly pendingBytes: number;
  write(bytes: Uint8Array): void;
}

export interface LineEvents {
  /** The guest has written something. */
  readonly onTraffic: (bytes: Uint8Array) => void;
  /** The guest is gone. */
  readonly onEnd: () => void;
}

export interface PtyOptions {
  /** True where another program reads the pty, from which nothing may be taken. */
  readonly writesOnly?: boolean;
}

/** A file that only grows, read at one's own pace. It stays the same file when its name goes to another. */
export interface GrowingFile extends Disposable {
  /** Another file has another one, also under the same name. */
  readonly identity: string;
  readonly sizeBytes: number;
  /** For what has just been written, and is still in memory: a few bytes. @returns an empty array at the end */
  readNow(offset: number, maxBytes: number): Uint8Array;
  /** @returns an empty array at the end */
  read(offset: number, maxBytes: number): Promise<Uint8Array>;
}

/** What a console channel needs of the operating system. */
export interface ConsoleHost {
  openPty(path: string, events: LineEvents, options?: PtyOptions): LineEnd;
  /** Connects to a unix socket; a refusal is an end. */
  openSocket(path: string, events: LineEvents): LineEnd;
  openFile(path: string): GrowingFile;
  typingRight(path: string): TypingRight;
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** The text of a small file; empty when there is none. */
  readText(path: string): string;
  /** Calls when the file has grown. */
  watchFile(path: string, onGrowth: () => void): Disposable;
}

/** The real one. */
export const consoleHost: ConsoleHost = {
  openPty,
  openSocket,
  openFile,
  typingRight,
  now: Date.now,
  readText: path => readTextNow(path) ?? '',
  watchFile: watchGrowth,
};

/**
 * QEMU looks once a second whether somebody has opened its pty, and reads nothing of one who is gone by then: what was typed
 * just before leaving waits for that. Source: QEMU 7.2, chardev/char-pty.c, pty_chr_state.
 */
const LINGER_MS = 1_100;

/** The other end has gone away. */
const NOBODY: LineEnd = {pendingBytes: 0, write: () => {}, dispose: () => {}};

/** Pieces smaller than this, where there are many, are waited for, and taken together. */
const SMALL_PIECE_BYTES = 1024;
const PIECE_MS = 2;

/**
 * Reads a line on which a guest may print single bytes: the kernel keeps what comes meanwhile (some 12 KiB), and each of the
 * pieces costs as much as one byte. A single one, such as an echo, is told at once.
 */
function drainInPieces(stream: ReadStream, onTraffic: (bytes: Uint8Array) => void): void {
  const burst = new Burst();
  stream.on('data', bytes => {
    if (bytes.length < SMALL_PIECE_BYTES && burst.isFlood(performance.now())) {
      stream.pause();
      setTimeout(() => stream.resume(), PIECE_MS);
    }
    onTraffic(bytes);
  });
}

/** A pty that is gone is an end. @throws {VirtError} SYSTEM_ERROR when it is not ours */
function openPty(path: string, {onTraffic, onEnd}: LineEvents, {writesOnly = false}: PtyOptions = {}): LineEnd {
  let fd: number;
  try {
    // One stream for both directions: a tty.WriteStream blocks the whole process while the guest does not read.
    fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw fileError('open the console', path, error);
    queueMicrotask(onEnd);
    return NOBODY;
  }
  const stream = new ReadStream(fd);
  closeUnusedSlave(stream, fd);
  if (!writesOnly) drainInPieces(stream, onTraffic);
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

function openSocket(path: string, {onTraffic, onEnd}: LineEvents): LineEnd {
  const socket = connect({path});
  socket.on('data', onTraffic);
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', onEnd);
  return {
    get pendingBytes() {
      return socket.writableLength;
    },
    write: bytes => void socket.write(bytes),
    dispose: () => {
      socket.off('close', onEnd);
      socket.destroySoon(); // what was typed just before leaving still goes out
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
  const {dev, ino} = fstatSync(fd);
  return {
    identity: `${dev}:${ino}`,
    get sizeBytes() {
      return fstatSync(fd).size;
    },
    readNow: (offset, maxBytes) => {
      const buffer = Buffer.allocUnsafe(maxBytes);
      try {
        return buffer.subarray(0, readSync(fd, buffer, 0, maxBytes, offset));
      } catch (error) {
        throw fileError('read the console log', path, error);
      }
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
