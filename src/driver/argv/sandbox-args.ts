import type {ArgvInput} from './argv-input.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/** QEMU's full system call filter; the process must be detached by the driver then, not by `-daemonize`. */
export function buildSandboxArgs({caps}: ArgvInput): QemuArg[] {
  if (!caps.flags.has('sandbox')) return [];
  const denied = {obsolete: 'deny', elevateprivileges: 'deny', spawn: 'deny', resourcecontrol: 'deny'};
  return [optionsArg('-sandbox', denied, {key: 'enable', value: 'on'})];
}
