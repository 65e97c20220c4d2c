import {closeSync, openSync, readdirSync, readSync} from 'node:fs';

/**
 * The small files in which a host describes itself, in /proc, /sys and /etc. They come and go with kernels, containers
 * and privileges: what is not there, or not shown to this user, is the same to who asks.
 */
export interface HostTree {
  /** The text of a file, at most its first `maxBytes`; undefined where there is none. */
  text(path: string, maxBytes?: number): string | undefined;
  /** The names in a directory, sorted; none where there is none. */
  names(path: string): readonly string[];
}

/** The kernel gives a file of /sys at once, and no more than a page. */
const MAX_BYTES = 16 * 1024;

/**
 * This very host. Reads at once: the kernel answers out of its memory in some 10 us, a tenth of what a promise costs.
 *
 * @param root  instead of `/`, for a tree that was copied
 */
export function hostTree(root = ''): HostTree {
  const buffer = Buffer.allocUnsafe(MAX_BYTES);
  const room = (bytes: number) => (bytes > MAX_BYTES ? Buffer.allocUnsafe(bytes) : buffer.subarray(0, bytes));
  return {
    text: (path, maxBytes = MAX_BYTES) => readStart(root + path, room(maxBytes)),
    names: path => readNames(root + path),
  };
}

/** A tree as it is now: what was read once is not read again. */
export function readOnce({text, names}: HostTree): HostTree {
  const texts = new Map<string, Read<string | undefined>>();
  const lists = new Map<string, Read<readonly string[]>>();
  return {
    text: (path, maxBytes) => remember(texts, `${path} ${maxBytes}`, () => text(path, maxBytes)),
    names: path => remember(lists, path, () => names(path)),
  };
}

interface Read<T> {
  readonly value: T;
}

function remember<T>(known: Map<string, Read<T>>, key: string, read: () => T): T {
  const found = known.get(key) ?? {value: read()};
  known.set(key, found);
  return found.value;
}

function readStart(path: string, buffer: Buffer): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(fd, buffer, length, buffer.length - length, null);
    }
    return buffer.toString('utf8', 0, length);
  } catch {
    return undefined; // said above
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readNames(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return []; // said above
  }
}
