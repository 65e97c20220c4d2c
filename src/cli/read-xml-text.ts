import {VirtError} from '../base/virt-error.ts';
import type {CliIo} from './cli-io.ts';
import {readTextFile} from './read-text-file.ts';

const STDIN = '-';
/** More is no domain XML; reading goes no further. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads the domain XML that a person named.
 *
 * @param file  `-` is the standard input
 * @throws {VirtError} SYSTEM_ERROR with the path, or XML_ERROR for an input that is too long
 */
export function readXmlText(file: string, io: CliIo): Promise<string> {
  return file === STDIN ? readInput(io) : readTextFile(file, io.cwd);
}

async function readInput(io: CliIo): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new VirtError('XML_ERROR', 'DOMAIN', 'the standard input is longer than 10 MiB');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
