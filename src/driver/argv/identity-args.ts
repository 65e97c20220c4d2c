import type {ArgvInput} from './argv-input.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/** `-name`: always as `guest=`, so that a name with `=` or a leading dash stays a name. */
export function buildNameArgs({def, caps}: ArgvInput): QemuArg[] {
  const debugThreads = caps.flags.has('debug-threads') ? true : undefined;
  return [optionsArg('-name', {guest: def.name, 'debug-threads': debugThreads})];
}

/** `-uuid`. */
export function buildUuidArgs({def}: ArgvInput): QemuArg[] {
  return [textArg('-uuid', def.uuid)];
}
