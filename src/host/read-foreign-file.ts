import {constants} from 'node:fs';
import {open} from 'node:fs/promises';
import {VirtError} from '../base/virt-error.ts';
import {fileError} from './files.ts';

/**
 * Reads a file that a process wrote which is not trusted: a link is not followed, and what is no plain file is neither
 * read nor waited for.
 *
 * @throws {VirtError} SYSTEM_ERROR; OPERATION_FAILED for what is no plain file, or larger than `maxBytes`
 */
export async function readForeignFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(error => {
    throw fileError('read', path, error);
  });
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size > maxBytes) {
      const why = status.isFile() ? `it is larger than ${maxBytes} bytes` : 'it is no plain file';
      throw new VirtError('OPERATION_FAILED', 'QEMU', `cannot read '${path}': ${why}`);
    }
    const buffer = Buffer.alloc(status.size);
    let filled = 0;
    while (filled < buffer.length) {
      const {bytesRead} = await file.read(buffer, filled, buffer.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}
