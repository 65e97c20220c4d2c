import {closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync} from 'node:fs';
import {fileError} from '../../host/files.ts';
import {runProgram} from '../../host/run-program.ts';

/** How much of a line's log is kept on disk. */
export interface LogLimit {
  /** A piece: the log is cut when one more would not fit. */
  readonly pieceBytes: number;
  /** How many full pieces are kept beside the one that is being written. */
  readonly pieces: number;
}

/** As virtlogd has it. Source: libvirt 9.0.0, src/logging/virtlogd.conf, max_size and max_backups. */
export const DEFAULT_LOG_LIMIT: LogLimit = {pieceBytes: 2 * 1024 * 1024, pieces: 3};

/** From where on a log of this size is kept, or undefined while it is not over its limit. */
export function planCut(sizeBytes: number, keptFrom: number, {pieceBytes, pieces}: LogLimit): number | undefined {
  if (pieceBytes === 0 || sizeBytes - keptFrom <= pieceBytes * (pieces + 1)) return undefined;
  const cut = sizeBytes - pieceBytes * pieces;
  return cut - (cut % BLOCK_BYTES);
}

/** Only whole blocks of a file system give their place back. */
const BLOCK_BYTES = 4096;

/**
 * Gives the place of a log's beginning back. The emulator has the file open and appends to it, so the file keeps its
 * length and its bytes their offsets: what is gone becomes a hole. No byte that is written meanwhile is lost.
 *
 * @throws {VirtError} SYSTEM_ERROR where the file system takes neither way
 * @see fallocate(2), FALLOC_FL_PUNCH_HOLE: ext4, XFS, Btrfs, tmpfs, NFS 4.2
 */
export async function dropBeginning(path: string, upTo: number): Promise<void> {
  const hole = ['--punch-hole', '--offset', '0', '--length', String(upTo), path];
  const {exitCode} = await runProgram('fallocate', hole, {timeoutMs: TIMEOUT_MS});
  if (exitCode !== 0) rewrite(path, upTo);
}

const TIMEOUT_MS = 30_000;

/** Where no hole can be made: what is written between the two lines in the middle is lost, some microseconds' worth. */
function rewrite(path: string, upTo: number): void {
  try {
    const fd = openSync(path, 'r+');
    try {
      const kept = Buffer.allocUnsafe(Math.max(0, fstatSync(fd).size - upTo) + MARGIN_BYTES);
      const length = readSync(fd, kept, 0, kept.length, upTo);
      ftruncateSync(fd, 0);
      writeSync(fd, kept, 0, length, upTo);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw fileError('cut the log', path, error, 'set console_log_max_size = 0 in qemu.conf to let logs grow');
  }
}

/** For what comes between asking for the size and reading. */
const MARGIN_BYTES = 1024 * 1024;
