import {resolve} from 'node:path';
import {VirtError} from '../base/virt-error.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import {type InstanceAddress, parseUri} from '../model/uri.ts';

/** `owner` may change things, and is one at a time; `reader` works also while another process owns the instance. */
export type Access = 'owner' | 'reader';

/**
 * Opens a driver instance.
 *
 * @throws {VirtError} RESOURCE_BUSY, naming the process, when somebody else owns the instance; SYSTEM_ERROR when its folders cannot be used
 */
export type OpenDriver = (address: InstanceAddress, options: {readonly access: Access}) => Promise<Hypervisor>;

/** Where a connection URI is taken from: the option, else the environment, else the session of the user. */
export function chooseUri(option: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return option ?? (env.VIRTTY_DEFAULT_URI || env.LIBVIRT_DEFAULT_URI || 'qemu:///session');
}

/**
 * The instance that a connection URI names; the root of an embedded one becomes an absolute path.
 *
 * @param cwd  what a relative root is relative to
 * @throws {VirtError} as `parseUri`
 */
export function resolveAddress(uri: string, cwd: string): InstanceAddress {
  const address = parseUri(uri);
  return address.kind === 'embed' ? {kind: 'embed', root: resolve(cwd, address.root)} : address;
}

/** The error for a command that changes things on a connection that the user wanted read-only. */
export function readOnlyError(command: string): VirtError {
  return new VirtError('OPERATION_DENIED', 'QEMU', `cannot run '${command}': the connection is read-only`, {
    hint: 'leave out -r (--readonly)',
  });
}
