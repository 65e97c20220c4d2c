import {closeSync, constants, openSync, readFileSync} from 'node:fs';
import {availableParallelism, hostname, machine} from 'node:os';
import {errnoOf} from './files.ts';

/** What the operating system says of itself without a file of its own. */
export interface SystemNames {
  readonly hostname: string;
  /** Hardware name of the kernel, e.g. `x86_64`. */
  readonly machine: string;
}

export function systemNames(): SystemNames {
  return {hostname: hostname(), machine: machine()};
}

/** How many processes this machine can run at once; at least 1. */
export function processorCount(): number {
  return availableParallelism();
}

/**
 * The text of a file of /proc, /sys or /etc; undefined when this host does not have it or does not show it to us.
 * Such files come and go with kernels, containers and privileges, so that none of it is an error.
 */
export async function readFact(path: string): Promise<string | undefined> {
  try {
    return readFileSync(path, 'utf8'); // out of the kernel's memory: a promise would cost ten times as much
  } catch {
    return undefined; // said above: absence and refusal mean the same to the callers
  }
}

/** Tries to open a device for reading and writing. @returns the code of the system's refusal; undefined when it opens */
export async function tryOpenDevice(path: string): Promise<string | undefined> {
  try {
    closeSync(openSync(path, constants.O_RDWR));
    return undefined;
  } catch (error) {
    return errnoOf(error) ?? 'EIO';
  }
}
