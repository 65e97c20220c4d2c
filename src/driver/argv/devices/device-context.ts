import {VirtError} from '../../../base/virt-error.ts';
import type {DeviceDef, DeviceKind} from '../../../model/devices/device-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {QemuArg} from '../qemu-arg.ts';

/** The options of one device of a kind; the whole definition is there for what depends on its neighbours. */
export type DeviceArgs<K extends DeviceKind> = (
  device: Extract<DeviceDef, {kind: K}>,
  input: ArgvInput,
) => readonly QemuArg[];

/** The alias of a device. A live definition has all of them: one without is a bug of the caller. */
export function aliasOf(device: DeviceDef): string {
  const alias = 'alias' in device ? device.alias : undefined;
  if (alias === undefined) throw new Error(`a ${device.kind} device has no alias: assign aliases first`);
  return alias;
}

/**
 * The first of some device types that the emulator has.
 *
 * @param what  the device as its owner knows it, e.g. `disk 'vda' on the virtio bus`
 * @throws {VirtError} CONFIG_UNSUPPORTED when it has none of them
 */
export function chooseDriver(candidates: readonly string[], what: string, {def, caps}: ArgvInput): string {
  const driver = candidates.find(candidate => caps.devices.has(candidate));
  if (driver !== undefined) return driver;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its ${what}: this emulator (${caps.arch}, QEMU ${caps.version}) has no ${candidates.join(' and no ')}`,
    {hint: 'choose another bus or model in the domain XML, or another emulator'},
  );
}

/**
 * The error for a device that a guest cannot have as its definition wants it.
 *
 * @param what  the device as its owner knows it, e.g. `watchdog`
 * @param why  a sentence without its end
 */
export function refusal(what: string, why: string, hint: string, {def}: Pick<ArgvInput, 'def'>): VirtError {
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot give domain '${def.name}' its ${what}: ${why}`, {hint});
}

/**
 * The error for a device that the definition keeps and that no argument is made for yet.
 *
 * @param what  as it stands in the XML, e.g. `<sound>`, `<interface type='bridge'>`
 */
export function notYetSupported(what: string, {def}: ArgvInput): VirtError {
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot start domain '${def.name}': ${what} is not supported yet by this version`,
    {hint: 'take it out of the definition, or keep the domain off'},
  );
}

/** The row of a kind that the guest gets in another way: from its board, or with the devices that need it. */
export function needsNoArgs(): readonly QemuArg[] {
  return [];
}
