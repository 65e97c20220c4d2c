import type {ArgvInput} from './argv-input.ts';
import {type QemuArg, textArg} from './qemu-arg.ts';

/** `-smp N`. */
export function buildCpuArgs({def}: ArgvInput): QemuArg[] {
  return [textArg('-smp', String(def.vcpus))];
}
