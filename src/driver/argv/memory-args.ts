import type {ArgvInput} from './argv-input.ts';
import {type QemuArg, textArg} from './qemu-arg.ts';

const KIB_PER_MIB = 1024n;

/** `-m MIB`: rounded up to whole MiB, the unit that every emulator since 0.8 takes, as libvirt 9.0.0 rounds. */
export function buildMemoryArgs({def}: ArgvInput): QemuArg[] {
  return [textArg('-m', String((def.memoryKiB + KIB_PER_MIB - 1n) / KIB_PER_MIB))];
}
