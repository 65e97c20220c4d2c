import type {CliIo} from './cli-io.ts';
import {readText, readTextFile} from './read-text-file.ts';

const STDIN = '-';

/**
 * Reads the domain XML or command line that a person named.
 *
 * @param file  `-` is the standard input
 * @throws {VirtError} SYSTEM_ERROR with the path, or INVALID_ARG for an input that is too long or no text
 */
export function readXmlText(file: string, io: CliIo): Promise<string> {
  return file === STDIN ? readText(io.stdin, 'the standard input') : readTextFile(file, io.cwd);
}
