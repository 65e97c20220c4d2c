import {close, constants, fstat, open, read} from 'node:fs';
import {Socket} from 'node:net';
import {promisify} from 'node:util';
import {VirtError} from '../base/virt-error.ts';
import {fileError} from './files.ts';

export interface ReadBounds {
  readonly maxBytes: number;
  /** How long a pipe may be silent, and have nobody who writes to it. */
  readonly timeoutMs: number;
}

/**
 * Reads a file or a named pipe that a person named: never more than `maxBytes`, and never for ever.
 *
 * @throws {VirtError} SYSTEM_ERROR with the path, also for what is neither, such as a directory or a device
 */
export async function readBounded(path: string, bounds: ReadBounds): Promise<Uint8Array> {
  const descriptor = await openInTime(path, bounds);
  let isOurs = true;
  try {
    const stats = await statOf(descriptor);
    if (stats.isFile()) return await readRegular(path, descriptor, bounds);
    if (stats.isDirectory()) throw unreadable(path, 'it is a directory');
    if (!stats.isFIFO()) throw unreadable(path, 'it is neither a file nor a pipe');
    isOurs = false; // a socket closes what it was given
    return await readPipe(path, descriptor, bounds);
  } catch (error) {
    throw error instanceof VirtError ? error : fileError('read', path, error);
  } finally {
    if (isOurs) await closeDescriptor(descriptor);
  }
}

// A `FileHandle` cannot give its descriptor away.
const openPath = promisify(open);
const closeDescriptor = promisify(close);
const statOf = promisify(fstat);
const readFrom = promisify(read);

/** Opening a pipe waits for somebody who writes to it: when that takes too long, it is this program itself. */
async function openInTime(path: string, {timeoutMs}: ReadBounds): Promise<number> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    // Fails when nobody waits any more: then there is nothing to do.
    void openPath(path, constants.O_WRONLY | constants.O_NONBLOCK).then(closeDescriptor, () => {});
  }, timeoutMs);
  try {
    const descriptor = await openPath(path, 'r');
    if (!isLate) return descriptor;
    await closeDescriptor(descriptor);
  } catch (error) {
    throw fileError('read', path, error);
  } finally {
    clearTimeout(timer);
  }
  throw silent(path, timeoutMs);
}

const CHUNK_BYTES = 256 * 1024;

/** Its size is no promise: files of /proc have none, others grow. */
async function readRegular(path: string, descriptor: number, {maxBytes}: ReadBounds): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const {bytesRead, buffer} = await readFrom(descriptor, Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > maxBytes) throw tooLong(path, maxBytes);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

async function readPipe(path: string, descriptor: number, {maxBytes, timeoutMs}: ReadBounds): Promise<Uint8Array> {
  const socket = new Socket({fd: descriptor, readable: true, writable: false});
  socket.setTimeout(timeoutMs, () => socket.destroy(silent(path, timeoutMs)));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of socket) {
    size += chunk.length;
    if (size > maxBytes) throw tooLong(path, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(path: string, maxBytes: number): VirtError {
  return unreadable(path, `it is longer than ${maxBytes / 1024 / 1024} MiB`);
}

function silent(path: string, timeoutMs: number): VirtError {
  return unreadable(path, `it is a pipe, and nothing came out of it for ${timeoutMs / 1000} seconds`);
}

function unreadable(path: string, why: string): VirtError {
  return new VirtError('SYSTEM_ERROR', 'NONE', `cannot read '${path}': ${why}`);
}
