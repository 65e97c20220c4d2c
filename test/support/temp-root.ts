import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A directory of one test, for `qemu:///embed?root=...`; it is removed when the test ends. */
export interface TempRoot {
  readonly path: string;
  /** The connection URI of an embedded instance in it. */
  readonly uri: string;
  /** A path inside it. */
  join(...parts: readonly string[]): string;
  remove(): Promise<void>;
}

/**
 * Makes an empty directory with a short path, so that unix sockets below it stay within their 107 bytes.
 * The caller removes it, e.g. `afterEach(() => root.remove())`, or uses `withTempRoot`.
 */
export async function makeTempRoot(): Promise<TempRoot> {
  const path = await mkdtemp(join(tmpdir(), 'vt-'));
  return {
    path,
    uri: `qemu:///embed?root=${path}`,
    join: (...parts) => join(path, ...parts),
    // A probe of an emulator that goes on behind a closed connection may still write what it found.
    remove: () => rm(path, {recursive: true, force: true, maxRetries: 5}),
  };
}

/** Runs `use` with a temporary root and removes it afterwards, also when it fails. */
export async function withTempRoot<T>(use: (root: TempRoot) => Promise<T>): Promise<T> {
  const root = await makeTempRoot();
  try {
    return await use(root);
  } finally {
    await root.remove();
  }
}
