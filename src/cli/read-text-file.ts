import {createReadStream} from 'node:fs';
import {resolve} from 'node:path';
import {messageOf, VirtError} from '../base/virt-error.ts';
import {decodeUtf8} from '../host/decode-utf8.ts';

/** More is no definition and no command line; reading goes no further. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads a file that a person named.
 *
 * @param cwd  what a relative path is relative to
 * @throws {VirtError} SYSTEM_ERROR with the absolute path; INVALID_ARG for a file of more than 10 MiB, or one that is no UTF-8
 */
export async function readTextFile(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    return await readText(createReadStream(path), `'${path}'`);
  } catch (error) {
    if (error instanceof VirtError) throw error;
    throw new VirtError('SYSTEM_ERROR', 'NONE', `cannot read '${path}': ${messageOf(error)}`, {cause: error});
  }
}

/**
 * Reads a stream to its end as UTF-8.
 *
 * @param what  the stream as messages name it
 * @throws {VirtError} INVALID_ARG for one of more than 10 MiB, or one that is no UTF-8, with the place
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
  const decoded = decodeUtf8(Buffer.concat(chunks));
  if ('text' in decoded) return decoded.text;
  const byte = decoded.byte.toString(16).toUpperCase().padStart(2, '0');
  throw unreadable(what, `line ${decoded.line}, byte ${decoded.column}: 0x${byte} is no UTF-8 there: this is no text`);
}

function unreadable(what: string, why: string): VirtError {
  return new VirtError('INVALID_ARG', 'NONE', `cannot read ${what}: ${why}`);
}
