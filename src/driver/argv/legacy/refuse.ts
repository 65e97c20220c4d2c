import {VirtError} from '../../../base/virt-error.ts';
import type {ArgvInput} from '../argv-input.ts';

/**
 * The error for what an emulator without `-device` cannot be told.
 *
 * @param what  as its owner knows it, e.g. `disk 'vda'`
 * @param why   a sentence without its end
 */
export function cannotGive(what: string, why: string, {def, caps}: ArgvInput): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its ${what}: ${why} (QEMU ${caps.version})`,
    {hint: 'take it out of the domain XML, or choose a newer emulator'},
  );
}

/**
 * A value of a pair like `file=`. Before QEMU 0.10, which came with more words of `cache=`, a doubled comma ended it as
 * any other does: what follows would be read as options. Source: QEMU 0.9.1 and 0.10.0, vl.c, get_param_value.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a comma that cannot be written
 */
export function pairValue<T extends string | undefined>(value: T, what: string, input: ArgvInput): T {
  if (value !== undefined && !input.caps.flags.has('drive-cache-v2')) withoutComma(value, what, input);
  return value;
}

/**
 * A value for a place where the old emulators have no way to write a comma.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when it has one
 */
export function withoutComma(value: string, what: string, input: ArgvInput): string {
  if (!value.includes(',')) return value;
  throw cannotGive(what, `'${value}' has a comma, which this option cannot hold`, input);
}
