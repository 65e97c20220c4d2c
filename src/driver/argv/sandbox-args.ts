import {VirtError} from '../../base/virt-error.ts';
import {type ArgvInput, usesBridgeHelper} from './argv-input.ts';
import {optionsArg, type QemuArg, textArg} from './qemu-arg.ts';

/**
 * QEMU's full system call filter; the process must be detached by the driver then, not by `-daemonize`. A guest that is
 * connected by QEMU's helper goes without: the filter lets no program be started, and takes its rights from one that is.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED where the filter is required and cannot be
 */
export function buildSandboxArgs(input: Pick<ArgvInput, 'caps' | 'host' | 'settings' | 'def'>): QemuArg[] {
  const {caps, settings} = input;
  if (isFiltered(input)) {
    const denied = {obsolete: 'deny', elevateprivileges: 'deny', spawn: 'deny', resourcecontrol: 'deny'};
    return [optionsArg('-sandbox', denied, {key: 'enable', value: 'on'})];
  }
  if (settings?.sandbox === 'required') throw noFilter(input);
  return settings?.sandbox === 'off' && caps.flags.has('sandbox') ? [textArg('-sandbox', 'off')] : [];
}

/** Whether the emulator's system calls are filtered. */
export function isFiltered({caps, host, settings}: Pick<ArgvInput, 'caps' | 'host' | 'settings'>): boolean {
  return caps.flags.has('sandbox') && settings?.sandbox !== 'off' && !usesBridgeHelper(host);
}

function noFilter({caps, def}: Pick<ArgvInput, 'caps' | 'def'>): VirtError {
  const why = caps.flags.has('sandbox')
    ? "QEMU's helper that connects its bridge cannot be started under it"
    : `QEMU ${caps.version} has none`;
  const message = `cannot start domain '${def.name}': seccomp_sandbox = 1 asks for a system call filter, and ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {hint: 'set seccomp_sandbox = -1: on where it can be'});
}
