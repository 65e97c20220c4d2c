import {closeSync, readdirSync, readlinkSync} from 'node:fs';
import type {ReadStream} from 'node:tty';

/**
 * Closes the descriptor that a stream over the slave of a pty was made of and does not use: libuv opens a slave once more
 * by its name, and closing the stream closes that one only. Source: libuv 1.51, src/unix/tty.c, uv_tty_init.
 *
 * @param fd  as it was given to the stream; left alone where the stream does use it
 */
export function closeUnusedSlave(stream: ReadStream, fd: number): void {
  const used = descriptorOf(stream);
  if (used !== undefined && used !== fd) closeSync(fd);
}

/** The same for a stream that somebody else has made: every descriptor of that slave but the stream's own. */
export function closeOtherSlaves(stream: ReadStream, ptsName: string): void {
  const used = descriptorOf(stream);
  if (used === undefined) return;
  for (const fd of openDescriptors(path => path === ptsName)) if (fd !== used) closeSync(fd);
}

/** The descriptors of this process whose files have a path that `holds`. */
export function openDescriptors(holds: (path: string) => boolean): readonly number[] {
  return readdirSync('/proc/self/fd').flatMap(entry => (holds(targetOf(entry)) ? [Number(entry)] : []));
}

function targetOf(entry: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${entry}`);
  } catch {
    return ''; // the descriptor of the listing itself is gone by now
  }
}

/** Node does not name the descriptor that libuv uses; its handle does. */
function descriptorOf(stream: ReadStream): number | undefined {
  const handle: unknown = Reflect.get(stream, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
