import {VirtError} from '../../base/virt-error.ts';
import type {ArgvInput} from './argv-input.ts';
import {type OptionRecord, optionsArg, type QemuArg} from './qemu-arg.ts';

/** How the guest's processors are run. */
export function acceleratorOf({def}: ArgvInput): 'kvm' | 'tcg' {
  return def.type === 'kvm' ? 'kvm' : 'tcg';
}

/**
 * `-accel NAME,...` where the accelerator has options of its own; else `-machine accel=` names it, which the two
 * may not do together.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for an emulator of before this option
 */
export function buildAccelArgs(input: ArgvInput): readonly QemuArg[] {
  const options = accelOptions(input);
  if (!hasAccelOptions(input)) return [];
  if (input.caps.flags.has('accel-option'))
    return [optionsArg('-accel', options, {key: 'accel', value: acceleratorOf(input)})];
  const {def, caps} = input;
  const names = Object.keys(options).join(' and ');
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot start domain '${def.name}': this emulator (QEMU ${caps.version}) has no -accel to give ${names} with`,
    {hint: 'take <dirty-ring> and <tb-cache> out of <features>, or choose a newer emulator'},
  );
}

/** Whether the accelerator is said by an option of its own. */
export function hasAccelOptions(input: ArgvInput): boolean {
  return Object.values(accelOptions(input)).some(value => value !== undefined);
}

const KIB_PER_MIB = 1024n;

function accelOptions(input: ArgvInput): OptionRecord {
  const {kvm, tcg} = input.def.features;
  if (acceleratorOf(input) === 'kvm') {
    return {'dirty-ring-size': kvm?.dirtyRing?.state ? kvm.dirtyRing.size : undefined};
  }
  const size = tcg?.tbCacheKiB;
  return {'tb-size': size === undefined ? undefined : size / KIB_PER_MIB};
}
