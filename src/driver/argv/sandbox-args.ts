import {type ArgvInput, usesBridgeHelper} from './argv-input.ts';
import {optionsArg, type QemuArg} from './qemu-arg.ts';

/**
 * QEMU's full system call filter; the process must be detached by the driver then, not by `-daemonize`. A guest that is
 * connected by QEMU's helper goes without: the filter lets no program be started, and takes its rights from one that is.
 */
export function buildSandboxArgs({caps, host}: ArgvInput): QemuArg[] {
  if (!caps.flags.has('sandbox') || usesBridgeHelper(host)) return [];
  const denied = {obsolete: 'deny', elevateprivileges: 'deny', spawn: 'deny', resourcecontrol: 'deny'};
  return [optionsArg('-sandbox', denied, {key: 'enable', value: 'on'})];
}
