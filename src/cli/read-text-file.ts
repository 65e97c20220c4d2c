import {resolve} from 'node:path';
import {VirtError} from '../base/virt-error.ts';
import {decodeText} from '../host/decode-text.ts';
import {readBounded} from '../host/read-bounded.ts';

/** More is no definition and no command line; reading goes no further. */
const MAX_BYTES = 10 * 1024 * 1024;

/** A program that writes into a pipe may take a while to begin. */
const SILENCE_MS = 30_000;

/**
 * Reads a text that a person named: a file or a pipe, in UTF-8 or the encoding that it names itself.
 *
 * @param cwd  what a relative path is relative to
 * @throws {VirtError} SYSTEM_ERROR with the absolute path, also for more than 10 MiB; INVALID_ARG for what is no text, with the place
 */
export async function readTextFile(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  return textOf(await readBounded(path, {maxBytes: MAX_BYTES, timeoutMs: SILENCE_MS}), `'${path}'`);
}

/**
 * Reads a stream to its end as a text.
 *
 * @param what  the stream as messages name it
 * @throws {VirtError} INVALID_ARG for one of more than 10 MiB, or one that is no text, with the place
 */
export async function readText(stream: AsyncIterable<Uint8Array | string>, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw unreadable(what, 'it is longer than 10 MiB');
    chunks.push(bytes);
  }
  return textOf(Buffer.concat(chunks), what);
}

function textOf(bytes: Uint8Array, what: string): string {
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text;
  throw unreadable(what, decoded.why);
}

function unreadable(what: string, why: string): VirtError {
  return new VirtError('INVALID_ARG', 'NONE', `cannot read ${what}: ${why}`);
}
