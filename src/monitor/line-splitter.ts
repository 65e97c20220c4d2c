import {VirtError} from '../base/virt-error.ts';

/** libvirt's limit for one monitor message. Source: libvirt 9.0.0, src/qemu/qemu_monitor.c, QEMU_MONITOR_MAX_RESPONSE. */
export const MAX_LINE_BYTES = 10 * 1024 * 1024;

const NEWLINE = 10;

/**
 * Cuts a byte stream into lines. Bytes are kept as bytes until a line is whole,
 * so a chunk may end inside a UTF-8 character.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(maxLineBytes = MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes;
  }

  /**
   * @returns the lines that this chunk completed, oldest first, without their line ends
   * @throws {VirtError} INTERNAL_ERROR when one line exceeds the limit; the splitter is of no use afterwards
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#maxLineBytes) {
      throw new VirtError(
        'INTERNAL_ERROR',
        'QEMU',
        `the monitor sent a message of more than ${this.#maxLineBytes} bytes`,
      );
    }
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const text = Buffer.concat(this.#parts, this.#size).toString('utf8');
    this.#parts = [];
    this.#size = 0;
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }
}
