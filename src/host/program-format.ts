import {open} from 'node:fs/promises';
import {endianness} from 'node:os';
import {errnoOf} from './files.ts';

/** What the kernel of each machine runs, as ELF numbers them: its own programs and those of its smaller sibling. Source: Linux, include/uapi/linux/elf-em.h. */
const MACHINES: Readonly<Record<string, readonly number[]>> = {
  x86_64: [62, 3],
  i686: [3],
  aarch64: [183, 40],
  armv7l: [40],
  ppc64: [21, 20],
  ppc64le: [21],
  riscv64: [243],
  s390x: [22],
  loongarch64: [258],
};

const NAMES: Readonly<Record<number, string>> = {
  2: 'sparc',
  3: 'x86',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390',
  40: 'arm',
  43: 'sparc64',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv',
  258: 'loongarch',
};

const ELF_HEADER_BYTES = 20;

/**
 * Looks at how a file begins that may be executed: what the kernel does not take, the C library and every shell run as a shell
 * script, whatever is in it.
 *
 * @param machine  of this host, as `uname -m` says it
 * @returns why it is no program for this host, to go on from the path; undefined when it is one
 */
export async function inspectProgramFormat(path: string, machine: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const {buffer, bytesRead} = await file.read(Buffer.alloc(ELF_HEADER_BYTES), 0, ELF_HEADER_BYTES, 0);
      return refusalOf(buffer.subarray(0, bytesRead), machine);
    } finally {
      await file.close();
    }
  } catch (error) {
    // A program may be executed and not read.
    return errnoOf(error) === 'EACCES' ? undefined : `cannot be read (${errnoOf(error) ?? 'EIO'})`;
  }
}

function refusalOf(head: Buffer, machine: string): string | undefined {
  if (head.subarray(0, 2).toString('latin1') === '#!') return undefined;
  if (head.length === 0) return 'is empty';
  if (head.length < ELF_HEADER_BYTES || head.readUInt32BE(0) !== 0x7f454c46) return 'is neither a program nor a script';
  const isLittle = head.readUInt8(5) === 1;
  const built = isLittle ? head.readUInt16LE(18) : head.readUInt16BE(18);
  const runs = MACHINES[machine];
  if (runs === undefined || (runs.includes(built) && isLittle === (endianness() === 'LE'))) return undefined;
  return `is built for ${NAMES[built] ?? `machine ${built}`}, and this host is ${machine}`;
}
